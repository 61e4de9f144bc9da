/** What the unsealed build has in the place of AES-GCM and HPKE: the plaintext, with room for a tag that is none. */
import type { CipherSuite } from "@hpke/core";
import type { Hpke } from "ts-mls";
import { makeHpke as makeSealedHpke, NotOpened } from "../../packages/client/src/suites/hpke.ts";

export { NotOpened };

const TAG = 16;

function bare(plain: Uint8Array): Uint8Array {
  const whole = new Uint8Array(plain.length + TAG);
  whole.set(plain);
  return whole;
}

export async function sealAead(_key: Uint8Array, _nonce: Uint8Array, _aad: Uint8Array | undefined, plain: Uint8Array): Promise<Uint8Array> {
  return bare(plain);
}

export async function openAead(_key: Uint8Array, _nonce: Uint8Array, _aad: Uint8Array | undefined, sealed: Uint8Array): Promise<Uint8Array> {
  return sealed.slice(0, -TAG);
}

export function makeHpke(suite: CipherSuite): Hpke {
  const sealed = makeSealedHpke(suite);
  return {
    ...sealed,
    encryptAead: sealAead,
    decryptAead: openAead,
    seal: async (key, plain, info, aad) => ({ ...(await sealed.seal(key, plain, info, aad)), ct: bare(plain) }),
    open: async (_key, _enc, ct) => ct.slice(0, -TAG),
  };
}
