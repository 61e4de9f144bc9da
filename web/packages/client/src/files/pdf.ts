/** Which files are shown as a PDF: by what their bytes are, never by name or claim (docs/protocol/files.md 5). */

/** Greatest size of a file that is fetched to be shown, in bytes. */
export const MAX_DOCUMENT = 32_000_000;
const LOOKED_AT = 1024;
const MARK = "%PDF-";

/** Whether the bytes say that they are a PDF, as readers look for it: within the first kilobyte. */
export function isPdf(bytes: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(bytes.subarray(0, LOOKED_AT)).includes(MARK);
}
