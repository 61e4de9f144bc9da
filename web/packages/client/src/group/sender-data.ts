/** Which leaf sent a PrivateMessage (RFC 9420 6.3.2): ts-mls checks the sender's signature but does not tell whose it is. */
import type { ClientState, PrivateMessage } from "ts-mls";
import { concat, utf8, uint64 } from "../bytes.js";
import type { Suite } from "../suites/suite.js";

/** The sender's leaf index, read as ts-mls reads it. Throws NotOpened. */
export async function senderLeaf(suite: Suite, state: ClientState, message: PrivateMessage): Promise<number> {
  const { hpke } = suite;
  const sample = message.ciphertext.slice(0, suite.kdf.size);
  const { senderDataSecret } = state.historicalReceiverData.get(message.epoch) ?? state.keySchedule;
  const key = await suite.kdf.expand(senderDataSecret, kdfLabel("key", sample, hpke.keyLength), hpke.keyLength);
  const nonce = await suite.kdf.expand(senderDataSecret, kdfLabel("nonce", sample, hpke.nonceLength), hpke.nonceLength);
  const aad = concat(vector(message.groupId), uint64(Number(message.epoch)), Uint8Array.of(message.contentType));
  const data = await hpke.decryptAead(key, nonce, aad, message.encryptedSenderData);
  return new DataView(data.buffer, data.byteOffset).getUint32(0);
}

/** KDFLabel (RFC 9420 8). */
function kdfLabel(label: string, context: Uint8Array, length: number): Uint8Array {
  return concat(Uint8Array.of(length >> 8, length & 0xff), vector(utf8(`MLS 1.0 ${label}`)), vector(context));
}

/** A variable-size vector of at most 16 383 bytes (RFC 9420 2.1.2). */
function vector(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  return concat(length < 64 ? Uint8Array.of(length) : Uint8Array.of(0x40 | (length >> 8), length & 0xff), bytes);
}
