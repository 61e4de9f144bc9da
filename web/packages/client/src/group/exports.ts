/** What is derived from an epoch by MLS-Exporter (docs/protocol/meeting.md 4). */
import { mlsExporter, type ClientState } from "ts-mls";
import { utf8 } from "../bytes.js";
import { keyPair, type KeyPair } from "../ed25519.js";
import type { Suite } from "../suites/suite.js";

/** An HPKE pair; the public half is announced. */
export type KnockKey = Awaited<ReturnType<Suite["hpke"]["deriveKeyPair"]>>;

/** The keys of one epoch. */
export interface EpochKeys {
  /** Signs requests to the server: proves membership, and no more. */
  readonly epochKey: KeyPair;
  /** Knocks are sealed to it. */
  readonly knockKey: KnockKey;
  readonly knockPublic: Uint8Array;
  /** AES-256-GCM of whispers, 32 bytes. */
  readonly whisperKey: Uint8Array;
  /** SFrame's base key (RFC 9605 5.2), 16 bytes. */
  readonly baseKey: Uint8Array;
  /** RFC 9420 8.7: equal for all members of the epoch. */
  readonly authenticator: Uint8Array;
}

/** All keys of the state's epoch. */
export async function exportKeys(suite: Suite, state: ClientState): Promise<EpochKeys> {
  const { groupId } = state.groupContext;
  const knockKey = await suite.hpke.deriveKeyPair(await exportSecret(suite, state, "segel knock key", groupId, 32));
  return {
    epochKey: await exportEpochKey(suite, state),
    knockKey,
    knockPublic: await suite.hpke.exportPublicKey(knockKey.publicKey),
    whisperKey: await exportSecret(suite, state, "segel whisper key", groupId, 32),
    baseKey: await exportSecret(suite, state, "SFrame 1.0 Base Key", utf8(""), 16),
    authenticator: Uint8Array.from(state.keySchedule.epochAuthenticator),
  };
}

/** The Ed25519 pair that signs requests in the state's epoch. */
export async function exportEpochKey(suite: Suite, state: ClientState): Promise<KeyPair> {
  return keyPair(await exportSecret(suite, state, "segel epoch key", state.groupContext.groupId, 32));
}

function exportSecret(suite: Suite, state: ClientState, label: string, context: Uint8Array, length: number): Promise<Uint8Array> {
  return mlsExporter(state.keySchedule.exporterSecret, label, context, length, suite);
}
