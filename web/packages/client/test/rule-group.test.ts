/** The rule where a group is joined: a member who is no host, and a server, against newcomers (docs/protocol/rule.md 4). */
import { expect, test, vi } from "vitest";
import { Group } from "../src/group/group.js";
import { makeKeyPackage, readKeyPackage } from "../src/group/key-package.js";
import { amended, EQUALS, signRule } from "../src/group/rule.js";
import { RuleBook } from "../src/meeting/rulebook.js";
import { memoryStore } from "../src/runtime/memory-store.js";
import { CLASSIC } from "../src/suites/suite.js";
import { bytes, found, keyPackage, NOW, OPENER, person } from "./people.js";

// The guest's program judges nothing; what the newcomer's does is in `Group.join`.
vi.mock("../src/group/rule.js", async (original) => ({ ...(await original<object>()), judge: () => undefined }));

const AAD = bytes(72, 3);

/** A lobby in which the host let the guest in; `by` then lets in a newcomer. */
async function letIn(by: "host" | "guest"): Promise<(returning?: boolean) => Promise<Group>> {
  const identity = await person();
  const own = await makeKeyPackage(CLASSIC, identity, "Host", NOW);
  const founder = await found(CLASSIC, own, amended(EQUALS, { hosts: [identity.account], lobby: true }));
  const guest = await keyPackage(CLASSIC, "Guest");
  const first = await founder.stage({ removed: [], added: [(await readKeyPackage(CLASSIC, guest.bytes)).keyPackage] }, AAD);
  const atGuest = await Group.join(CLASSIC, first.welcomes[0] ?? bytes(0, 0), guest, OPENER.publicKey);
  const newcomer = await keyPackage(CLASSIC, "Newcomer");
  const second = await (by === "host" ? first.next : atGuest).stage({ removed: [], added: [(await readKeyPackage(CLASSIC, newcomer.bytes)).keyPackage] }, AAD);
  return (returning = false) => Group.join(CLASSIC, second.welcomes[0] ?? bytes(0, 0), newcomer, OPENER.publicKey, () => returning);
}

test("behind a lobby a Welcome of a member who is no host is refused", async () => {
  await expect((await letIn("guest"))()).rejects.toThrow("let in by somebody who is no host");
  expect((await (await letIn("host"))()).members).toHaveLength(3);
});

test("guard: without that check, as for who was in the group before, it is taken", async () => {
  expect((await (await letIn("guest"))(true)).members).toHaveLength(3);
});

test("a group whose rule the opener's key did not sign, that was ended, or with somebody banned in it, is not joined", async () => {
  const [host, guest] = [await person(), await person()];
  const terms = amended(EQUALS, { hosts: [host.account] });
  const forged = { ...terms, serial: 9 };
  for (const [bad, why] of [[amended(terms, { ended: true }), "ended"], [amended(terms, { bans: [guest.account] }), "banned"], [forged, "signature"]] as const) {
    const founder = await found(CLASSIC, await makeKeyPackage(CLASSIC, host, "Host", NOW), terms);
    const other = await keyPackage(CLASSIC, "Other");
    const { next } = await founder.stage({ removed: [], added: [(await readKeyPackage(CLASSIC, other.bytes)).keyPackage] }, AAD);
    const rule = bad === forged ? { ...bad, signature: founder.rule.signature } : await signRule(OPENER.seed, founder.meeting.alias, bad);
    const own = await makeKeyPackage(CLASSIC, guest, "Guest", NOW);
    const staged = next.stage({ removed: [], added: [(await readKeyPackage(CLASSIC, own.bytes)).keyPackage], rule }, AAD);
    const join = async (): Promise<Group> => Group.join(CLASSIC, (await staged).welcomes[0] ?? bytes(0, 0), own, OPENER.publicKey);
    await expect(join()).rejects.toThrow(why);
  }
});

test("a group under an older rule than was seen is refused", async () => {
  const host = await person();
  const at = async (serial: number): Promise<Group> => {
    const own = await makeKeyPackage(CLASSIC, host, "Host", NOW);
    return found(CLASSIC, own, { ...EQUALS, hosts: [host.account], serial });
  };
  const store = memoryStore();
  const book = await RuleBook.open(store, bytes(32, 1));
  await book.saw(await at(7));
  const reopened = await RuleBook.open(store, bytes(32, 1));
  expect(reopened.rule?.serial).toBe(7);
  const old = await at(6);
  expect(() => reopened.check(old)).toThrow("an older rule");
  reopened.check(await at(7));
});
