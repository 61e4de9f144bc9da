/** What hosts do: every change of the rule is one commit of a host (docs/protocol/rule.md). */
import { equalBytes, fromBase32, toHex, utf8 } from "../bytes.js";
import { arrayOf, asBytes, expect, Malformed, toCbor } from "../cbor.js";
import { decodeContent, encodeContent, RENDER, type Part } from "../content/mimi.js";
import { keyPair } from "../ed25519.js";
import type { Group } from "../group/group.js";
import { amended, signRule, type Rule, type Terms } from "../group/rule.js";
import type { Ground } from "./ground.js";

/** The content type of the opener's seed, on its way to a new host. */
const HOST_KEY = "application/vnd.segel.host-key";

/** What a host asks for: the change of the terms, and who is taken out with it. */
export interface Decree {
  readonly removed: readonly number[];
  readonly terms: Partial<Omit<Terms, "serial">>;
}

/** Take somebody out for good. The lobby goes on: whoever has the link can make a new account. */
export function kick({ rule, members }: Group, account: string): Decree {
  const removed = members.filter((member) => member.account === account).map(({ leaf }) => leaf);
  const hosts = rule.hosts.filter((host) => host !== account);
  return { removed, terms: { hosts, lobby: true, bans: [...rule.bans, account] } };
}

/** Make somebody a host as well. */
export function promote({ rule }: Group, account: string): Decree {
  return { removed: [], terms: { hosts: [...rule.hosts, account] } };
}

/** Be no host any more. */
export function stepDown({ rule }: Group, account: string): Decree {
  return { removed: [], terms: { hosts: rule.hosts.filter((host) => host !== account) } };
}

/** The next rule of a decree, signed. Throws Malformed where we have not the opener's key. */
export async function nextRule({ keys, group }: Ground, { terms }: Decree): Promise<Rule> {
  if (keys.openerKey === null) throw new Malformed("the key of hosts is not here");
  return signRule(keys.openerKey.seed, keys.alias, amended(group.rule, terms));
}

/** The content of an application message that gives the opener's seed to the member at a leaf. */
export async function hostKeyContent(group: Group, leaf: number, seed: Uint8Array, salt: Uint8Array): Promise<Uint8Array> {
  const account = fromBase32(group.member(leaf)?.account ?? "");
  const content = toCbor([1, account, ...(await group.sealToLeaf(leaf, HOST_KEY, seed))]);
  const body: Part = { kind: "single", disposition: RENDER, language: "", contentType: HOST_KEY, content };
  return encodeContent({ salt, replaces: null, topic: new Uint8Array(), expires: null, inReplyTo: null, extensions: new Map(), body });
}

/** Whether an application message is about the opener's seed. */
export function isHostKey(content: Uint8Array): boolean {
  // Cheap to say no: the type stands in the message as it is.
  if (!toHex(content).includes(toHex(utf8(HOST_KEY)))) return false;
  const { body } = decodeContent(content);
  return body.kind === "single" && body.contentType === HOST_KEY;
}

/** The opener's seed, where the message gives it to our own leaf; null where to another's. Throws Malformed, NotOpened. */
export async function readHostKey(group: Group, content: Uint8Array): Promise<Uint8Array | null> {
  const { body } = decodeContent(content);
  if (body.kind !== "single") throw new Malformed("not a key");
  const [version, account, enc, sealed] = arrayOf(body.content, 4);
  expect(version, 1);
  const own = group.member(group.leaf)?.account ?? "";
  if (!equalBytes(asBytes(account, 20), fromBase32(own))) return null;
  const seed = asBytes(await group.openAtLeaf(HOST_KEY, asBytes(enc), asBytes(sealed)), 32);
  if (!equalBytes((await keyPair(seed)).publicKey, group.opener)) throw new Malformed("the key of another meeting");
  return seed;
}
