/** Which pictures are shown: by what their bytes are, never by name or claim, and within bounds (docs/protocol/files.md 5). */

export type PictureType = "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/avif";

/** A picture as its header says, before anything of it is decoded. */
export interface Picture {
  readonly type: PictureType;
  readonly width: number;
  readonly height: number;
}

/** Greatest size of a file that is fetched to be shown, in bytes. */
export const MAX_PREVIEW = 8_000_000;
/** Greatest side and area in pixels: decoded, 40 million take 160 MB. */
export const MAX_SIDE = 16_384;
export const MAX_AREA = 40_000_000;

/** The picture that the bytes are; null for anything else, SVG and HTML among it, and for one that is broken or too large to decode. */
export function readPicture(bytes: Uint8Array): Picture | null {
  const picture = headerOf(bytes);
  if (picture === null) return null;
  const { width, height } = picture;
  const fits = width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE && width * height <= MAX_AREA;
  return fits ? picture : null;
}

/** Also of one that is too large. */
function headerOf(bytes: Uint8Array): Picture | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (view.getUint32(0) === 0x89504e47 && view.getUint32(4) === 0x0d0a1a0a) return png(view);
    if (ascii(view, 0, 6) === "GIF87a" || ascii(view, 0, 6) === "GIF89a") return sized("image/gif", view.getUint16(6, true), view.getUint16(8, true));
    if (view.getUint16(0) === 0xffd8) return jpeg(view);
    if (ascii(view, 0, 4) === "RIFF" && ascii(view, 8, 4) === "WEBP") return webp(view);
    if (ascii(view, 4, 8) === "ftypavif" || ascii(view, 4, 8) === "ftypavis") return avif(view);
  } catch (error) {
    // Read past the end: the file is cut off.
    if (!(error instanceof RangeError)) throw error;
  }
  return null;
}

function sized(type: PictureType, width: number, height: number): Picture {
  return { type, width, height };
}

function ascii(view: DataView, at: number, length: number): string {
  return String.fromCharCode(...Array.from({ length }, (_, i) => view.getUint8(at + i)));
}

function png(view: DataView): Picture | null {
  return ascii(view, 12, 4) === "IHDR" ? sized("image/png", view.getUint32(16), view.getUint32(20)) : null;
}

/** The first start of frame; one more would be another picture in the same file. */
function jpeg(view: DataView): Picture | null {
  for (let at = 2; view.getUint8(at) === 0xff; ) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) at += 1;
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return sized("image/jpeg", view.getUint16(at + 7), view.getUint16(at + 5));
    else if (marker === 0xd9 || marker === 0xda) return null;
    else at += 2 + view.getUint16(at + 2);
  }
  return null;
}

function webp(view: DataView): Picture | null {
  switch (ascii(view, 12, 4)) {
    case "VP8 ":
      return sized("image/webp", view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
    case "VP8L": {
      const bits = view.getUint32(21, true);
      return sized("image/webp", (bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
    }
    case "VP8X":
      return sized("image/webp", uint24(view, 24) + 1, uint24(view, 27) + 1);
    default:
      return null;
  }
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

/** How far into an AVIF its properties may lie. */
const AVIF_HEAD = 65_536;

/** The greatest of all sizes that the boxes give (`ispe`): of parts, thumbnails and the whole. */
function avif(view: DataView): Picture | null {
  let [width, height] = [0, 0];
  const end = Math.min(view.byteLength, AVIF_HEAD) - 16;
  for (let at = 12; at <= end; at++) {
    if (view.getUint32(at) !== 0x69737065) continue;
    width = Math.max(width, view.getUint32(at + 8));
    height = Math.max(height, view.getUint32(at + 12));
  }
  return width === 0 ? null : sized("image/avif", width, height);
}
