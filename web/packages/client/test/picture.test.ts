/** What is shown as a picture: by its bytes alone, and within bounds. */
import { expect, test } from "vitest";
import { MAX_SIDE, readPicture } from "../src/files/picture.js";

const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...part].map((char) => char.charCodeAt(0)) : part)));
const be = (value: number, length: number): number[] => Array.from({ length }, (_, i) => Math.floor(value / 256 ** (length - 1 - i)) & 0xff);
const le = (value: number, length: number): number[] => be(value, length).reverse();
const zeros = (length: number): number[] => Array.from({ length }, () => 0);

const make: Record<string, (width: number, height: number) => Uint8Array> = {
  "image/png": (width, height) => bytes([0x89], "PNG\r\n", [0x1a], "\n", be(13, 4), "IHDR", be(width, 4), be(height, 4)),
  "image/gif": (width, height) => bytes("GIF89a", le(width, 2), le(height, 2)),
  "image/jpeg": (width, height) => bytes([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xff, 0xc2, 0, 11, 8], be(height, 2), be(width, 2), zeros(4)),
  "image/webp": (width, height) => bytes("RIFF", zeros(4), "WEBPVP8X", zeros(8), le(width - 1, 3), le(height - 1, 3)),
  "image/avif": (width, height) => bytes(be(32, 4), "ftypavif", zeros(20), be(20, 4), "ispe", zeros(4), be(width, 4), be(height, 4), zeros(8)),
};

test.each(Object.keys(make))("%s is read by its bytes; one that is too large, empty or cut off is not", (type) => {
  expect(readPicture(make[type]!(640, 480))).toEqual({ type, width: 640, height: 480 });
  // The same header of another size: only the bounds refuse it.
  for (const [width, height] of [[MAX_SIDE, MAX_SIDE], [MAX_SIDE + 1, 1], [30_000, 30_000], [1, 65_535]] as const) expect(readPicture(make[type]!(width, height))).toBeNull();
  const whole = make[type]!(640, 480);
  for (let length = 0; length < whole.length - 16; length++) expect(readPicture(whole.slice(0, length))).toBeNull();
});

test.each(["<svg xmlns='http://www.w3.org/2000/svg'/>", "<!doctype html><script>1</script>", "%PDF-1.7", "BM", "PK\x03\x04", "", "GIF", "<?xml version='1.0'?><svg/>"])("%s is no picture", (text) => {
  expect(readPicture(bytes(text))).toBeNull();
});
