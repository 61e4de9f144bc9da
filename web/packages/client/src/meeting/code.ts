/** The digits that people read to each other (docs/protocol/meeting.md 11). */
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { utf8 } from "../bytes.js";

const GROUPS = 6;

/** Six groups of five digits of an epoch authenticator; slow on purpose (about a second). */
export async function computeCode(authenticator: Uint8Array): Promise<readonly string[]> {
  const key = await scryptAsync(authenticator, utf8("segel code v1"), { N: 2 ** 15, r: 8, p: 1, dkLen: 32 });
  return Array.from({ length: GROUPS }, (_, group) => {
    const value = key.slice(group * 5, group * 5 + 5).reduce((sum, byte) => sum * 256 + byte, 0);
    return String(value % 100_000).padStart(5, "0");
  });
}
