/** How a message names a file: the fields of an ExternalPart of MIMI content (docs/protocol/files.md 3). */
import { fromBase64Url, toBase64Url } from "../bytes.js";
import { asBytes, asInteger, asText, expect, Malformed } from "../cbor.js";
import { KEY, MAX_SIZE, PREFIX, type FileKey } from "./sealing.js";
import { cleanFileName } from "./name.js";

/** Of the AEAD registry's range for private use: STREAM over AES-256-GCM in chunks of 1 MiB, padded. */
const STREAM_AES_256_GCM = 0xf001;
/** Not assigned in the registry of named information hashes: SHA-256 of the chunks' SHA-256s. */
const CHUNKS_SHA_256 = 48;
const SCHEME = "segel:blob/";
const CAPABILITY = 32;
const HASH = 32;
const MAX_TYPE = 127;
const TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/;
const UNKNOWN_TYPE = "application/octet-stream";

/** A file that was sealed and uploaded. */
export interface FileReference extends FileKey {
  /** 32 bytes: whoever has it may read the blob that it names. */
  readonly capability: Uint8Array;
  /** Bytes of the file itself. */
  readonly size: number;
  /** 32 bytes, of BlobHash. */
  readonly hash: Uint8Array;
  /** Clean, by cleanFileName. */
  readonly name: string;
  /** What its sender says that it is: a claim that nothing is decided by. */
  readonly type: string;
  /** Seconds of Unix time until which the server keeps it. */
  readonly expires: number;
}

/** A media type without parameters; what is none is octets. */
export function cleanType(type: string): string {
  const plain = type.split(";")[0]?.trim().toLowerCase() ?? "";
  return plain.length <= MAX_TYPE && TYPE.test(plain) ? plain : UNKNOWN_TYPE;
}

/** The part's fields after its cardinality. */
export function encodeFile(file: FileReference): readonly unknown[] {
  const url = SCHEME + toBase64Url(file.capability);
  const sealed = [STREAM_AES_256_GCM, file.key, file.prefix, new Uint8Array(), CHUNKS_SHA_256, file.hash];
  return [file.type, url, file.expires, file.size, ...sealed, "", file.name];
}

/** The file that the fields name; its name and type are cleaned. Throws Malformed, as for what lies elsewhere or is sealed in another way. */
export function decodeFile(fields: readonly unknown[]): FileReference {
  const [type, url, expires, size, cipher, key, prefix, aad, hashing, hash, description, name] = fields;
  expect(cipher, STREAM_AES_256_GCM);
  expect(hashing, CHUNKS_SHA_256);
  asBytes(aad, 0);
  asText(description);
  return {
    capability: capabilityOf(asText(url)),
    key: asBytes(key, KEY),
    prefix: asBytes(prefix, PREFIX),
    size: asInteger(size, 0, MAX_SIZE),
    hash: asBytes(hash, HASH),
    name: cleanFileName(asText(name)),
    type: cleanType(asText(type)),
    expires: asInteger(expires, 0, 2 ** 32 - 1),
  };
}

function capabilityOf(url: string): Uint8Array {
  const bytes = url.startsWith(SCHEME) ? fromBase64Url(url.slice(SCHEME.length)) : null;
  if (bytes?.length !== CAPABILITY) throw new Malformed("no file of this server");
  return bytes;
}
