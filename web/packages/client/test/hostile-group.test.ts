/**
 * Whatever a group is given as a message, a commit or a Welcome, and whatever a member seals in one: it opens, or it is
 * refused by one of our own errors, and the group is as it was; nothing else, in bounded time.
 */
import { hostile } from "@segel/wire/testing";
import { expect, test, vi } from "vitest";
import { concat, uint32, utf8 } from "../src/bytes.js";
import { Group } from "../src/group/group.js";
import { readKeyPackage, type OwnKeyPackage } from "../src/group/key-package.js";
import { isBad } from "../src/meeting/ground.js";
import { CLASSIC, type Suite } from "../src/suites/suite.js";
import { bytes, found, keyPackage, OPENER } from "./people.js";

// Of one group many things are tried, so it must stay as it was: what a step used up is not erased here.
vi.mock("../src/group/forget.js", async (original) => ({ ...(await original<object>()), erase: () => undefined }));

const AAD = bytes(72, 3);

/** A suite that seals what `spoil` makes of each plaintext, and signs what `forge` makes of what is to be signed. */
class Spoiling {
  spoil: ((plain: Uint8Array) => Uint8Array) | null = null;
  forge: ((signed: Uint8Array) => Uint8Array) | null = null;
  readonly suite: Suite = {
    ...CLASSIC,
    signature: { ...CLASSIC.signature, sign: (key, data) => CLASSIC.signature.sign(key, this.forge?.(data) ?? data) },
    hpke: {
      ...CLASSIC.hpke,
      encryptAead: (key, nonce, aad, plain) => CLASSIC.hpke.encryptAead(key, nonce, aad, this.spoil?.(plain) ?? plain),
      seal: (key, plain, info, aad) => CLASSIC.hpke.seal(key, this.spoil?.(plain) ?? plain, info, aad),
    },
  };

  /** The plaintexts that `work` seals, in their order. */
  async plaintexts(work: () => Promise<unknown>): Promise<readonly Uint8Array[]> {
    const seen: Uint8Array[] = [];
    this.spoil = (plain) => {
      seen.push(Uint8Array.from(plain));
      return plain;
    };
    await work();
    return seen;
  }

  /** From now on `other` is sealed in the place of this plaintext of the next work. */
  replace(which: number, other: Uint8Array): void {
    let seen = 0;
    this.spoil = (plain) => (seen++ === which ? other : plain);
  }
}

/** A group of two, of whom the first has the suite and the second is honest. */
async function pair(suite: Suite = CLASSIC): Promise<{ first: Group; honest: Group; welcome: Uint8Array; own: OwnKeyPackage }> {
  const own = await keyPackage(CLASSIC, "B");
  const founder = await found(suite, await keyPackage(suite, "A"));
  const { next, welcome } = await add(founder, own);
  return { first: next, honest: await Group.join(CLASSIC, welcome, own, OPENER.publicKey), welcome, own };
}

async function add(group: Group, own: OwnKeyPackage): Promise<{ next: Group; welcome: Uint8Array; commit: Uint8Array }> {
  const { keyPackage: candidate } = await readKeyPackage(CLASSIC, own.bytes);
  const { next, welcomes, commit } = await group.stage({ removed: [], added: [candidate] }, AAD);
  return { next, welcome: welcomes[0] ?? bytes(0, 0), commit };
}

/** Does it with each of the bytes; how many were taken. Fails for an error that is not ours. */
async function taken(all: Iterable<Uint8Array>, take: (data: Uint8Array) => Promise<unknown>): Promise<number> {
  let count = 0;
  for (const data of all) {
    try {
      await take(data);
      count += 1;
    } catch (error) {
      if (!isBad(error)) throw error;
    }
  }
  return count;
}

test("messages near valid ones are refused, and the valid one opens after all of them", async () => {
  const { first, honest } = await pair();
  const { message } = await first.seal(utf8("hello"), AAD);
  expect(await taken(hostile(message, 1_500), (data) => honest.open(data))).toBe(0);
  expect((await honest.open(message)).content).toEqual(utf8("hello"));
});

test("commits near valid ones are refused, and the valid one is taken after all of them", async () => {
  const { first, honest } = await pair();
  const { commit } = await first.stage({ removed: [], added: [] }, AAD);
  expect(await taken(hostile(commit, 1_000), (data) => honest.process(data))).toBe(0);
  expect((await honest.process(commit)).next?.epoch).toBe(honest.epoch + 1n);
});

test("Welcomes near valid ones are refused", async () => {
  const { welcome, own } = await pair();
  expect(await taken(hostile(welcome, 500), (data) => Group.join(CLASSIC, data, own, OPENER.publicKey))).toBe(0);
  expect((await Group.join(CLASSIC, welcome, own, OPENER.publicKey)).leaf).toBe(1);
});

test("what a member seals in a message is refused where it does not hold", async () => {
  const spoiling = new Spoiling();
  const { first, honest } = await pair(spoiling.suite);
  const seal = async (which: number, other: Uint8Array): Promise<unknown> => {
    spoiling.replace(which, other);
    return honest.open((await first.seal(utf8("hello"), AAD)).message);
  };
  const [content = bytes(0, 0), sender = bytes(0, 0)] = await spoiling.plaintexts(() => first.seal(utf8("hello"), AAD));
  await expect(seal(0, content)).resolves.toMatchObject({ content: utf8("hello") });
  expect(await taken(hostile(content, 100), (data) => seal(0, data))).toBe(0);
  // Who sent it stands in 12 bytes; what comes after them is not read.
  const senders = [...hostile(sender, 50)].map((data) => data.slice(0, 12)).filter((data) => String(data) !== String(sender));
  expect(await taken(senders, (data) => seal(1, data))).toBe(0);
});

test("what a member seals in a commit that adds somebody is refused where it does not hold", async () => {
  const spoiling = new Spoiling();
  const { first, honest } = await pair(spoiling.suite);
  const own = await keyPackage(CLASSIC, "C");
  const commit = async (which: number, other: Uint8Array): Promise<unknown> => {
    spoiling.replace(which, other);
    return honest.process((await add(first, own)).commit);
  };
  const [content = bytes(0, 0), sender = bytes(0, 0)] = await spoiling.plaintexts(() => add(first, own));
  await expect(commit(0, content)).resolves.toMatchObject({ committer: 0, removed: [] });
  expect(await taken(hostile(content, 50), (data) => commit(0, data))).toBe(0);
  const senders = [...hostile(sender, 40)].map((data) => data.slice(0, 12)).filter((data) => String(data) !== String(sender));
  expect(await taken(senders, (data) => commit(1, data))).toBe(0);
});

test("what a member seals in a commit that renews keys is refused where it does not hold", async () => {
  const spoiling = new Spoiling();
  const { first, honest } = await pair(spoiling.suite);
  const [path = bytes(0, 0), content = bytes(0, 0)] = await spoiling.plaintexts(() => first.stage({ removed: [], added: [] }, AAD));
  for (const [which, plain] of [path, content].entries()) {
    expect(await taken(hostile(plain, 30), async (data) => {
      spoiling.replace(which, data);
      await honest.process((await first.stage({ removed: [], added: [] }, AAD)).commit);
    })).toBe(0);
  }
});

test.each([2, 1_000, 2 ** 24, 0x7fffffff, 0x81000000, 0xffffffff])("leaf %i, which nobody has, sends no message", async (leaf) => {
  const spoiling = new Spoiling();
  const { first, honest } = await pair(spoiling.suite);
  spoiling.replace(1, concat(uint32(leaf), bytes(8, 0)));
  await expect(honest.open((await first.seal(utf8("hello"), AAD)).message)).rejects.toThrow("sent by no member");
});

/** A commit as long as `like` whose proposals are ExternalInit and the Remove of a leaf that nobody has (RFC 9420 12.1). */
function externalCommit(like: Uint8Array): Uint8Array {
  const kem = like.length - 15;
  const vector = (length: number): Uint8Array => Uint8Array.of(0x40 | (length >> 8), length & 0xff);
  return concat(vector(kem + 12), Uint8Array.of(1, 0, 6), vector(kem), bytes(kem, 0), Uint8Array.of(1, 0, 3), uint32(0x81000000), Uint8Array.of(0));
}

test("a member's signed commit of other proposals is refused before they are acted on", async () => {
  const spoiling = new Spoiling();
  const { first, honest } = await pair(spoiling.suite);
  const own = await keyPackage(CLASSIC, "C");
  const [content = bytes(0, 0)] = await spoiling.plaintexts(() => add(first, own));
  // After the commit come its signature and its tag, of 64 and 32 bytes, and the padding.
  const end = Buffer.from(content).lastIndexOf(Uint8Array.of(0x40, 0x40), -35);
  const commit = content.slice(0, end);
  const forged = externalCommit(commit);
  spoiling.forge = (signed) => swapped(signed, commit, forged);
  spoiling.spoil = (plain) => swapped(plain, commit, forged);
  const message = (await add(first, own)).commit;
  await expect(honest.process(message)).rejects.toThrow("not a commit that this protocol allows");
});

function swapped(data: Uint8Array, from: Uint8Array, to: Uint8Array): Uint8Array {
  const at = Buffer.from(data).indexOf(from);
  return at < 0 ? data : concat(data.slice(0, at), to, data.slice(at + from.length));
}

test("what a member seals in a Welcome is refused where it does not hold", async () => {
  const spoiling = new Spoiling();
  const { first } = await pair(spoiling.suite);
  const own = await keyPackage(CLASSIC, "C");
  const join = async (which: number, other: Uint8Array): Promise<void> => {
    spoiling.replace(which, other);
    const { welcome, next } = await add(first, own);
    const { keys } = await Group.join(CLASSIC, welcome, own, OPENER.publicKey);
    // Bytes after what is read do no harm.
    expect(keys.authenticator).toEqual(next.keys.authenticator);
  };
  const [, , info = bytes(0, 0), secrets = bytes(0, 0)] = await spoiling.plaintexts(() => add(first, own));
  for (const [which, plain] of [[2, info], [3, secrets]] as const) await taken(hostile(plain, 30), (data) => join(which, data));
});

test.each([1_000, 2 ** 24, 0x7fffffff, 0x81000000])("a Welcome whose signed tree names leaf %i, which it has not, is refused", async (leaf) => {
  const spoiling = new Spoiling();
  const { first } = await pair(spoiling.suite);
  // The founder's path makes a root; who is added below it then is unmerged there.
  const three = (await add(first, await keyPackage(CLASSIC, "C"))).next;
  const { next: rooted } = await three.stage({ removed: [], added: [] }, AAD);
  const own = await keyPackage(CLASSIC, "D");
  const [from, to] = [concat(Uint8Array.of(4), uint32(3)), concat(Uint8Array.of(4), uint32(leaf))];
  const [, , info = bytes(0, 0)] = await spoiling.plaintexts(() => add(rooted, own));
  expect(Buffer.from(info).indexOf(from)).toBe(Buffer.from(info).lastIndexOf(from));
  await Group.join(CLASSIC, (await add(rooted, own)).welcome, own, OPENER.publicKey);
  spoiling.forge = (signed) => swapped(signed, from, to);
  spoiling.spoil = (plain) => swapped(plain, from, to);
  await expect(Group.join(CLASSIC, (await add(rooted, own)).welcome, own, OPENER.publicKey)).rejects.toThrow("a leaf that is not in the tree");
});
