/** vectors/meeting/rules.json: what a commit may do under a rule, for every client the same; and each check is needed. */
import { readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { equalBytes, fromHex, toHex } from "../src/bytes.js";
import { Malformed } from "../src/cbor.js";
import { BadSignature } from "../src/ed25519.js";
import { Refused } from "../src/group/refused.js";
import { amended, checkRule, decodeRule, encodeRule, EQUALS, judge, signRule, type Change } from "../src/group/rule.js";
import { bytes, OPENER } from "./people.js";

interface Case {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly committer: string;
  readonly members: readonly string[];
  readonly removed: readonly string[];
  readonly added: readonly string[];
  readonly valid: boolean;
}

const VECTORS = JSON.parse(readFileSync(new URL("../../../../vectors/meeting/rules.json", import.meta.url), "utf8")) as {
  readonly opener: string;
  readonly opener_seed: string;
  readonly alias: string;
  readonly cases: readonly Case[];
};

function changeOf({ before, after, committer, members, removed, added }: Case): Change {
  return { before: decodeRule(fromHex(before)), after: decodeRule(fromHex(after)), committer, members, removed, added };
}

function allows(by: typeof judge, change: Change): boolean {
  try {
    by(change);
    return true;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

describe("rules.json", () => {
  test.each(VECTORS.cases)("$name: $valid", async (vector) => {
    const change = changeOf(vector);
    for (const rule of [change.before, change.after]) {
      await checkRule(fromHex(VECTORS.opener), fromHex(VECTORS.alias), rule);
      const again = await signRule(fromHex(VECTORS.opener_seed), fromHex(VECTORS.alias), rule);
      expect([vector.before, vector.after]).toContain(toHex(encodeRule(again)));
    }
    expect(allows(judge, change)).toBe(vector.valid);
  });
});

/** The source of `judge`, once with each of its refusals taken out. */
function weakened(): readonly (readonly [name: string, weak: typeof judge])[] {
  const source = readFileSync(new URL("../src/group/rule.ts", import.meta.url), "utf8");
  const judging = source.slice(source.indexOf("export function judge(")).replace("export ", "");
  return [...judging.matchAll(/throw new Refused\("([^"]+)"\)/g)].map(([guard, name = ""]) => {
    const without = ts.transpile(judging.replace(guard, "void 0"), { target: ts.ScriptTarget.ES2022 });
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- our own source, with one line less
    const make = new Function("Refused", "equalBytes", "encodeRule", `${without}; return judge;`) as (...given: unknown[]) => typeof judge;
    return [name, make(Refused, equalBytes, encodeRule)];
  });
}

test.each(weakened())("guard: without the refusal of %j some forbidden commit is allowed", (_name, weak) => {
  const wrong = VECTORS.cases.filter((vector) => allows(weak, changeOf(vector)) !== vector.valid);
  expect(wrong.map(({ valid }) => valid)).toContain(false);
});

describe("the rule's bytes", () => {
  const alias = bytes(32, 1);
  const [a, b] = ["aeaqcaibaeaqcaibaeaqcaibaeaqcaib", "aibaeaqcaibaeaqcaibaeaqcaibaeaqc"];

  test("one bit more or less, and the signature does not hold or they do not parse", async () => {
    const rule = await signRule(OPENER.seed, alias, amended(EQUALS, { hosts: [a, b], lobby: true }));
    const good = encodeRule(rule);
    for (let bit = 0; bit < good.length * 8; bit++) {
      const bad = Uint8Array.from(good);
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await taken(() => checkRule(OPENER.publicKey, alias, decodeRule(bad)))).toBe(false);
    }
  });

  test("another meeting's rule does not hold here", async () => {
    const rule = await signRule(OPENER.seed, alias, amended(EQUALS, { hosts: [a] }));
    await expect(checkRule(OPENER.publicKey, bytes(32, 2), rule)).rejects.toThrow(BadSignature);
  });

  test("a host who is banned, accounts twice or in another order: not parsed", async () => {
    for (const terms of [{ ...EQUALS, hosts: [a], bans: [a] }, { ...EQUALS, hosts: [a, a] }, { ...EQUALS, bans: [b, a] }]) {
      expect(() => decodeRule(encodeRule({ ...terms, signature: bytes(64, 0) }))).toThrow(Malformed);
    }
  });
});

async function taken(read: () => Promise<void>): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (error) {
    if (error instanceof Malformed || error instanceof BadSignature) return false;
    throw error;
  }
}
