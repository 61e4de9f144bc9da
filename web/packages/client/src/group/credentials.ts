/** The authentication service of RFC 9420 5.3.1: a leaf is valid when its account vouches for its signature key. */
import { defaultCredentialTypes, type AuthenticationService, type Credential } from "ts-mls";
import { equalBytes, toHex } from "../bytes.js";
import { Malformed } from "../cbor.js";
import { verifyCredential } from "../identity.js";

const KEPT = 1024;
const checked = new Map<string, string>();

/** The account that a leaf's credential proves, in base32. Throws Malformed or BadSignature. */
export async function accountOf(credential: Credential, signatureKey: Uint8Array): Promise<string> {
  if (credential.credentialType !== defaultCredentialTypes.basic || !("identity" in credential)) {
    throw new Malformed("not a basic credential");
  }
  const name = `${toHex(credential.identity)}/${toHex(signatureKey)}`;
  const known = checked.get(name);
  if (known !== undefined) return known;
  const { account, deviceKey } = await verifyCredential(credential.identity);
  if (!equalBytes(deviceKey, signatureKey)) throw new Malformed("the leaf's key is not the account's device key");
  if (checked.size >= KEPT) checked.clear();
  checked.set(name, account);
  return account;
}

/** For ts-mls, which asks at every leaf that it meets. */
export const authService: AuthenticationService = {
  validateCredential: async (credential, signatureKey) => {
    try {
      await accountOf(credential, signatureKey);
      return true;
    } catch {
      return false;
    }
  },
};
