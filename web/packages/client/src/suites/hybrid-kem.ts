/** X-Wing (MLKEM768-X25519, KEM id 0x647a) with the key derivation of draft-ietf-hpke-pq. */
import { XWing } from "@hpke/hybridkem-x-wing";
import { shake256 } from "@noble/hashes/sha3.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

const LABEL = utf8ToBytes("DeriveKeyPair");
const SEED_LENGTH = 32;
/** What LabeledDerive puts after the ikm: version, "KEM" with the KEM's id, label and length. */
const LABELED = concatBytes(
  utf8ToBytes("HPKE-v1"),
  utf8ToBytes("KEM"),
  Uint8Array.of(0x64, 0x7a),
  Uint8Array.of(0, LABEL.length),
  LABEL,
  Uint8Array.of(0, SEED_LENGTH),
);

/**
 * X-Wing for HPKE.
 *
 * The library hashes the ikm without a label, as an older draft had it; TreeKEM derives every key, so both ends must
 * agree, and the current rule is the one with vectors (vectors/hpke/hpke-pq.json).
 */
export class HybridKem extends XWing {
  /** seed = SHAKE256(ikm || labels, 32 bytes); the seed is the private key. */
  override async deriveKeyPair(ikm: ArrayBuffer): Promise<CryptoKeyPair> {
    const seed = shake256(concatBytes(new Uint8Array(ikm), LABELED), { dkLen: SEED_LENGTH });
    return this.generateKeyPairDerand(seed);
  }
}
