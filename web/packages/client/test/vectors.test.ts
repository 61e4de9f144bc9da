/** The formats of docs/protocol/meeting.md, frozen: vectors/meeting holds bytes that every client must produce and accept. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fromHex, toHex } from "../src/bytes.js";
import { createIdentity, verifyCredential } from "../src/identity.js";
import { decodeAnnouncement, encodeAnnouncement } from "../src/meeting/announcement.js";
import { computeCode } from "../src/meeting/code.js";
import { entryId } from "../src/meeting/conversation.js";
import { formatLink, linkKeys, parseLink } from "../src/meeting/link.js";

type Fields = Readonly<Record<string, string>>;

interface LinkVector {
  readonly link: string;
  readonly policy: number;
  readonly secret: string;
  readonly opener: string | null;
  readonly alias: string;
  readonly mac_key: string;
  readonly proof_key: string;
  readonly opener_public: string;
  readonly opener_seed: string | null;
  readonly announcement: { readonly generation: number; readonly suite: number; readonly knock_key: string; readonly bytes: string };
}

function read<T>(name: string): T[] {
  return JSON.parse(readFileSync(new URL(`../../../../vectors/meeting/${name}.json`, import.meta.url), "utf8")) as T[];
}

test.each(read<LinkVector>("links"))("link $link", async (vector) => {
  const link = parseLink(vector.link);
  expect(formatLink(link)).toBe(vector.link);
  expect([link.policy, toHex(link.secret), link.opener && toHex(link.opener)]).toEqual([vector.policy, vector.secret, vector.opener]);
  const keys = await linkKeys(link);
  expect([keys.alias, keys.macKey, keys.proofKey, keys.openerPublic].map(toHex)).toEqual([vector.alias, vector.mac_key, vector.proof_key, vector.opener_public]);
  expect(keys.openerKey && toHex(keys.openerKey.seed)).toBe(vector.opener_seed);
  const { generation, suite, knock_key, bytes } = vector.announcement;
  const announcement = { generation, suite, knockKey: fromHex(knock_key) };
  expect(toHex(encodeAnnouncement(keys, announcement))).toBe(bytes);
  expect(decodeAnnouncement(keys, fromHex(bytes))).toEqual(announcement);
});

test.each(read<Fields>("identity"))("account $account", async ({ entropy = "", account, device_key, credential = "" }) => {
  const identity = await createIdentity(fromHex(entropy));
  expect([identity.account, toHex(identity.credential)]).toEqual([account, credential]);
  const verified = await verifyCredential(fromHex(credential));
  expect([verified.account, toHex(verified.deviceKey)]).toEqual([account, device_key]);
});

test.each(read<Fields>("code"))("code $code", async ({ authenticator = "", code }) => {
  expect((await computeCode(fromHex(authenticator))).join(" ")).toBe(code);
});

test.each(read<Fields>("messages"))("message $id", ({ alias = "", account = "", content = "", id }) => {
  expect(entryId(fromHex(alias), { account, name: "", at: 0, content: fromHex(content) })).toBe(id);
});
