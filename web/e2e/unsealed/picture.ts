/** What the credulous build has in the place of the bounds and kinds of pictures: whatever might be one, of any size. */
export { MAX_PREVIEW } from "../../packages/client/src/files/picture.ts";

export function readPicture(bytes: Uint8Array): { readonly type: string; readonly width: number; readonly height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (view.getUint32(0) === 0x89504e47) return { type: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
  return { type: "image/svg+xml", width: 100, height: 100 };
}
