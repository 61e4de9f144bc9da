/** Whether this browser can do what Segel cannot be without. What only media lacks is the door's to say. */

/** Not opened over https, or without the signatures (WebCrypto's Ed25519) that messages carry. */
export type Lack = "insecure" | "keys";

/** What is missing; null where nothing is. */
export async function lackOf(around: { readonly isSecureContext: boolean; readonly crypto: Pick<Crypto, "subtle"> }): Promise<Lack | null> {
  if (!around.isSecureContext) return "insecure";
  try {
    await around.crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    return null;
  } catch {
    return "keys";
  }
}
