/**
 * Who was removed cannot follow (RFC 9420 12.4): a commit that removes brings fresh secrets, and none without them is taken.
 *
 * The guard is the repair in web/patches. Here ts-mls stands beside itself as it was released.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as repaired from "ts-mls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contextExtensions } from "../src/group/context.js";
import { authService } from "../src/group/credentials.js";
import { Group } from "../src/group/group.js";
import type { OwnKeyPackage } from "../src/group/key-package.js";
import { REPAIRS } from "../../../patches/ts-mls.mjs";
import { CLASSIC } from "../src/suites/suite.js";
import { bytes, found, keyPackage, OPENER } from "./people.js";

type Library = typeof repaired;

const INSTALLED = join(dirname(fileURLToPath(import.meta.resolve("ts-mls"))), "..");
const CONTEXT = { cipherSuite: CLASSIC, authService };
let folder = "";
let released: Library;

/** Beside the installed one, so that what it stands on is found. */
beforeAll(async () => {
  folder = mkdtempSync(join(INSTALLED, "../../ts-mls-released-"));
  cpSync(INSTALLED, folder, { recursive: true });
  for (const { file, wrong, right } of REPAIRS) {
    const path = join(folder, "src", file);
    const source = readFileSync(path, "utf8");
    expect(source).toContain(right);
    writeFileSync(path, source.replace(right, wrong));
  }
  released = (await import(pathToFileURL(join(folder, "src/index.js")).href)) as Library;
});

afterAll(() => rmSync(folder, { recursive: true }));

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

/** The founder removes the leaver, who does what its program can to follow. */
async function removal(library: Library): Promise<{ readonly follows: boolean; readonly commit: Uint8Array; readonly honest: Group }> {
  const { founder, leaver, honest } = await three(library);
  const extraProposals = [{ proposalType: repaired.defaultProposalTypes.remove, remove: { removed: leaver.privatePath.leafIndex } }];
  const { commit, newState } = await library.createCommit({ context: CONTEXT, state: founder, extraProposals });
  if (commit.wireformat !== repaired.wireformats.mls_private_message) expect.fail();
  const followed = await library
    .processPrivateMessage({ context: CONTEXT, state: leaver, privateMessage: commit.privateMessage })
    .then(({ newState: { keySchedule } }) => keySchedule.epochAuthenticator, () => null);
  const follows = followed !== null && String(followed) === String(newState.keySchedule.epochAuthenticator);
  return { follows, commit: library.encode(library.mlsMessageEncoder, commit), honest };
}

describe("a commit with a single Remove", () => {
  test("leaves whom it removes behind", async () => {
    const { follows, commit, honest } = await removal(repaired);
    expect(follows).toBe(false);
    expect((await honest.process(commit)).removed).toEqual([1]);
  });

  test("guard: by ts-mls as it was released, they follow; a member of ours refuses that commit", async () => {
    const { follows, commit, honest } = await removal(released);
    expect(follows).toBe(true);
    await expect(honest.process(commit)).rejects.toThrow("a commit without a path");
  });
});

test("our own commits renew the committer's leaf wherever they remove", async () => {
  const { honest } = await three(repaired);
  const { next } = await honest.stage({ removed: [1], added: [] }, new Uint8Array());
  expect(next.member(honest.leaf)?.encryptionKey).not.toEqual(honest.member(honest.leaf)?.encryptionKey);
});
