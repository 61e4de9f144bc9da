/** What stands at the door: the present epoch's knock key, under a MAC of the link (docs/protocol/meeting.md 5). */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { equalBytes, labelled } from "../bytes.js";
import { arrayOf, asBytes, asInteger, expect, Malformed, toCbor } from "../cbor.js";
import type { LinkKeys } from "./link.js";

/** An announcement whose MAC was checked: somebody with the link made it. */
export interface Announcement {
  readonly generation: number;
  readonly suite: number;
  readonly knockKey: Uint8Array;
}

function macOf(keys: LinkKeys, { generation, suite, knockKey }: Announcement): Uint8Array {
  return hmac(sha256, keys.macKey, labelled("segel announcement v1", keys.alias, toCbor([1, generation, suite, knockKey])));
}

/** The announcement's bytes. */
export function encodeAnnouncement(keys: LinkKeys, announcement: Announcement): Uint8Array {
  const { generation, suite, knockKey } = announcement;
  return toCbor([1, generation, suite, knockKey, macOf(keys, announcement)]);
}

/** The announcement in the bytes. Throws Malformed, also where the MAC does not hold. */
export function decodeAnnouncement(keys: LinkKeys, bytes: Uint8Array): Announcement {
  const [version, generation, suite, knockKey, mac] = arrayOf(bytes, 5);
  expect(version, 1);
  const announcement = {
    generation: asInteger(generation, 1, 2 ** 32 - 1),
    suite: asInteger(suite, 1, 0xffff),
    knockKey: asBytes(knockKey),
  };
  if (!equalBytes(asBytes(mac, 32), macOf(keys, announcement))) throw new Malformed("not announced by who has the link");
  return announcement;
}
