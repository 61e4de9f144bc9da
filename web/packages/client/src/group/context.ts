/** Our extensions: the meeting (0xF0A0) and its rule (0xF0A2) in the GroupContext, a name (0xF0A1) in a leaf (docs/protocol/meeting.md 3). */
import {
  defaultCredentialTypes,
  defaultExtensionTypes,
  makeCustomExtension,
  protocolVersions,
  type Capabilities,
  type Extension,
  type GroupContextExtension,
  type LeafNodeExtension,
} from "ts-mls";
import { toHex, utf8 } from "../bytes.js";
import { arrayOf, asBytes, asInteger, expect, Malformed, toCbor } from "../cbor.js";
import { cleanName } from "../text.js";
import { decodeRule, encodeRule, type Rule } from "./rule.js";

const MEETING = 0xf0a0;
const NAME = 0xf0a1;
const RULE = 0xf0a2;

/** A group's days on the server (docs/protocol/delivery.md 5). */
export type TtlDays = 1 | 7 | 30 | 90;

/** What a group is, said once by its founder and never changed. */
export interface MeetingContext {
  readonly alias: Uint8Array;
  readonly generation: number;
  readonly policy: number;
  readonly ttlDays: TtlDays;
  /** The root epoch's public key, which the opener signed for. */
  readonly rootKey: Uint8Array;
  readonly signature: Uint8Array;
}

/** The extension's bytes. */
export function encodeContext(context: MeetingContext): Uint8Array {
  const { alias, generation, policy, ttlDays, rootKey, signature } = context;
  return toCbor([1, alias, generation, policy, ttlDays, rootKey, signature]);
}

/** The context in the extension's bytes. Throws Malformed. */
export function decodeContext(bytes: Uint8Array): MeetingContext {
  const [version, alias, generation, policy, ttlDays, rootKey, signature] = arrayOf(bytes, 7);
  expect(version, 1);
  const days = asInteger(ttlDays, 1, 90);
  if (days !== 1 && days !== 7 && days !== 30 && days !== 90) throw new Malformed("no retention class");
  return {
    alias: asBytes(alias, 32),
    generation: asInteger(generation, 1, 2 ** 32 - 1),
    policy: asInteger(policy, 0, 255),
    ttlDays: days,
    rootKey: asBytes(rootKey, 32),
    signature: asBytes(signature, 64),
  };
}

/** The GroupContext's extensions, in their one order. */
export function contextExtensions(context: MeetingContext, rule: Rule): GroupContextExtension[] {
  const credentialTypes = [defaultCredentialTypes.basic];
  return [
    { extensionType: defaultExtensionTypes.required_capabilities, extensionData: { extensionTypes: [MEETING, NAME, RULE], proposalTypes: [], credentialTypes } },
    makeCustomExtension({ extensionType: MEETING, extensionData: encodeContext(context) }),
    makeCustomExtension({ extensionType: RULE, extensionData: encodeRule(rule) }),
  ];
}

/** What a group is and who rules it. Throws Malformed where the extensions are not those of `contextExtensions`. */
export function readContext(extensions: readonly Extension[]): { readonly meeting: MeetingContext; readonly rule: Rule } {
  const [meetingData, ruleData] = [find(extensions, MEETING), find(extensions, RULE)];
  if (meetingData === null || ruleData === null) throw new Malformed("not a meeting's group");
  const read = { meeting: decodeContext(meetingData), rule: decodeRule(ruleData) };
  if (!sameExtensions(extensions, contextExtensions(read.meeting, read.rule))) throw new Malformed("other extensions than a meeting's");
  return read;
}

function sameExtensions(a: readonly Extension[], b: readonly GroupContextExtension[]): boolean {
  return JSON.stringify(a.map(plainExtension)) === JSON.stringify(b.map(plainExtension));
}

function plainExtension({ extensionType, extensionData }: Extension | GroupContextExtension): unknown {
  if (extensionData instanceof Uint8Array) return [extensionType, toHex(extensionData)];
  if (!("proposalTypes" in extensionData)) return null;
  const { extensionTypes, proposalTypes, credentialTypes } = extensionData;
  return [extensionType, extensionTypes, proposalTypes, credentialTypes];
}

/** The leaf extension that says a name. */
export function nameExtensions(name: string): LeafNodeExtension[] {
  return [makeCustomExtension({ extensionType: NAME, extensionData: utf8(cleanName(name) || "?") })];
}

/** The name that a leaf claims, cleaned; "?" where it has none that can be shown. */
export function readName(extensions: readonly Extension[]): string {
  const data = find(extensions, NAME);
  return data === null ? "?" : cleanName(new TextDecoder().decode(data)) || "?";
}

function find(extensions: readonly Extension[], type: number): Uint8Array | null {
  const data = extensions.find(({ extensionType }) => extensionType === type)?.extensionData;
  return data instanceof Uint8Array ? data : null;
}

/** What every member's leaf can do in a group of the suite. */
export function capabilities(suite: number): Capabilities {
  return {
    versions: [protocolVersions.mls10],
    ciphersuites: [suite],
    extensions: [MEETING, NAME, RULE],
    proposals: [],
    credentials: [defaultCredentialTypes.basic],
  };
}
