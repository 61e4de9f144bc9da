/**
 * Who was removed cannot follow (RFC 9420 12.4): a commit that removes brings fresh secrets, sealed to none but who stays, and
 * none without them is taken.
 *
 * The guard is the repair in web/patches. Here ts-mls stands beside itself as it was released.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as repaired from "ts-mls";
import { afterAll, describe, expect, test } from "vitest";
import { contextExtensions } from "../src/group/context.js";
import { authService } from "../src/group/credentials.js";
import { Group } from "../src/group/group.js";
import { readKeyPackage, type OwnKeyPackage } from "../src/group/key-package.js";
import { REPAIRS } from "../../../patches/ts-mls.mjs";
import { CLASSIC } from "../src/suites/suite.js";
import { bytes, found, groupOf, keyPackage, OPENER } from "./people.js";

type Library = typeof repaired;

const INSTALLED = join(dirname(fileURLToPath(import.meta.resolve("ts-mls"))), "..");
const AAD = bytes(72, 3);
const CONTEXT = { cipherSuite: CLASSIC, authService };
const folders: string[] = [];

/** ts-mls as it was released in these files, beside the installed one, so that what it stands on is found. */
async function released(...files: readonly string[]): Promise<Library> {
  const folder = mkdtempSync(join(INSTALLED, "../../ts-mls-released-"));
  folders.push(folder);
  cpSync(INSTALLED, folder, { recursive: true });
  for (const { file, replace } of REPAIRS) {
    const path = join(folder, "src", file);
    const source = readFileSync(path, "utf8");
    for (const [, right] of replace) expect(source).toContain(right);
    if (files.includes(file)) writeFileSync(path, replace.reduce((text, [wrong, right]) => text.replace(right, wrong), source));
  }
  return (await import(pathToFileURL(join(folder, "src/index.js")).href)) as Library;
}

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

interface Three {
  readonly founder: repaired.ClientState;
  readonly leaver: repaired.ClientState;
  readonly honest: Group;
}

/** A group of three by the library; the last is of our own kind. */
async function three({ createGroup, createCommit, joinGroup, encode, mlsMessageEncoder }: Library): Promise<Three> {
  const [a, b, c] = await Promise.all(["A", "B", "C"].map((name) => keyPackage(CLASSIC, name)));
  const own = (each: OwnKeyPackage | undefined): OwnKeyPackage => each ?? expect.fail();
  const founded = await createGroup({ context: CONTEXT, groupId: bytes(32, 9), keyPackage: own(a).publicPart, privateKeyPackage: own(a).privatePart });
  const { meeting, rule } = await found(CLASSIC, own(a));
  const founder = { ...founded, groupContext: { ...founded.groupContext, extensions: contextExtensions(meeting, rule) } };
  const extraProposals = [b, c].map((each) => ({ proposalType: repaired.defaultProposalTypes.add, add: { keyPackage: own(each).publicPart } }));
  const { newState, welcome } = await createCommit({ context: CONTEXT, state: founder, extraProposals, ratchetTreeExtension: true });
  if (welcome === undefined) expect.fail();
  const leaver = await joinGroup({ context: CONTEXT, welcome: welcome.welcome, keyPackage: own(b).publicPart, privateKeys: own(b).privatePart });
  return { founder: newState, leaver, honest: await Group.join(CLASSIC, encode(mlsMessageEncoder, welcome), own(c), OPENER.publicKey) };
}

/** The founder removes the leaver, and adds so many in the same commit; the leaver does what its program can to follow. */
async function removal(library: Library, added: number): Promise<{ readonly follows: boolean; readonly commit: Uint8Array; readonly honest: Group }> {
  const { founder, leaver, honest } = await three(library);
  const newcomers = await Promise.all(Array.from({ length: added }, (_, each) => keyPackage(CLASSIC, `New ${each}`)));
  const extraProposals = [
    { proposalType: repaired.defaultProposalTypes.remove, remove: { removed: leaver.privatePath.leafIndex } },
    ...newcomers.map(({ publicPart }) => ({ proposalType: repaired.defaultProposalTypes.add, add: { keyPackage: publicPart } })),
  ];
  const { commit, newState } = await library.createCommit({ context: CONTEXT, state: founder, extraProposals });
  if (commit.wireformat !== repaired.wireformats.mls_private_message) expect.fail();
  const { privateMessage } = commit;
  // The leaver's program counts no leaf as added: it looks for whatever was sealed to the place that it had.
  const followed = await Promise.all(
    [library, repaired].map((program) =>
      program.processPrivateMessage({ context: CONTEXT, state: leaver, privateMessage }).then(({ newState: { keySchedule } }) => String(keySchedule.epochAuthenticator), () => ""),
    ),
  );
  const follows = followed.includes(String(newState.keySchedule.epochAuthenticator));
  return { follows, commit: library.encode(library.mlsMessageEncoder, commit), honest };
}

describe("a commit that removes", () => {
  test.each([0, 1])("leaves whom it removes behind, also where it adds %i", async (added) => {
    const { follows, commit, honest } = await removal(repaired, added);
    expect(follows).toBe(false);
    expect((await honest.process(commit)).removed).toEqual([1]);
  });

  test("guard: by ts-mls as it was released, they follow; a member of ours refuses that commit", async () => {
    const { follows, commit, honest } = await removal(await released("clientState.js"), 0);
    expect(follows).toBe(true);
    await expect(honest.process(commit)).rejects.toThrow("a commit without a path");
  });

  test("guard: the path of ts-mls as it was released is sealed to whom the commit removes, in the place of whom it adds", async () => {
    const library = await released("updatePath.js");
    const { founder, leaver } = await three(library);
    const { publicPart } = await keyPackage(CLASSIC, "New");
    const extraProposals = [
      { proposalType: repaired.defaultProposalTypes.remove, remove: { removed: leaver.privatePath.leafIndex } },
      { proposalType: repaired.defaultProposalTypes.add, add: { keyPackage: publicPart } },
    ];
    const sealedTo = async (by: Library): Promise<boolean> => {
      const keys: string[] = [];
      const cipherSuite = { ...CLASSIC, hpke: { ...CLASSIC.hpke, importPublicKey: async (key: Uint8Array) => (keys.push(String(key)), CLASSIC.hpke.importPublicKey(key)) } };
      await by.createCommit({ context: { ...CONTEXT, cipherSuite }, state: founder, extraProposals });
      const leaf = leaver.ratchetTree[2 * leaver.privatePath.leafIndex];
      return leaf?.nodeType === repaired.nodeTypes.leaf && keys.includes(String(leaf.leaf.hpkePublicKey));
    };
    expect([await sealedTo(library), await sealedTo(repaired)]).toEqual([true, false]);
  });
});

test("our own commits renew the committer's leaf wherever they remove", async () => {
  const { honest } = await three(repaired);
  const { next } = await honest.stage({ removed: [1], added: [] }, new Uint8Array());
  expect(next.member(honest.leaf)?.encryptionKey).not.toEqual(honest.member(honest.leaf)?.encryptionKey);
});

test.each([[2, [1], 2], [3, [2], 2], [4, [1], 3], [5, [1, 2, 3], 1], [3, [1, 2], 4]])(
  "of %i, %j go and %i come: all who stay and come are in one epoch, and go on",
  async (size, removed, added) => {
    const [first, ...rest] = await groupOf(CLASSIC, size);
    const owns = await Promise.all(Array.from({ length: added }, (_, each) => keyPackage(CLASSIC, `New ${each}`)));
    const candidates = await Promise.all(owns.map((own) => readKeyPackage(CLASSIC, own.bytes)));
    const staged = (await first?.stage({ removed, added: candidates.map((each) => each.keyPackage) }, AAD)) ?? expect.fail();
    const come = owns.map((own, each) => Group.join(CLASSIC, staged.welcomes[each] ?? bytes(0, 0), own, OPENER.publicKey));
    const stay = rest.filter(({ leaf }) => !removed.includes(leaf)).map(async (group) => (await group.process(staged.commit)).next ?? expect.fail());
    const [next, ...others] = await Promise.all([...come, ...stay]);
    const last = (await next?.stage({ removed: [], added: [] }, AAD)) ?? expect.fail();
    const after = await Promise.all([staged.next, ...others].map(async (group) => (await group.process(last.commit)).next));
    for (const group of after) expect(group?.keys.authenticator).toEqual(last.next.keys.authenticator);
  },
);
