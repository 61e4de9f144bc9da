/** How much of a frame stays clear, so that a relay and a depacketiser can read it (docs/protocol/media.md 1). */

import { FrameRefused } from "./errors.js";

/** Opus frames are sealed whole; VP8 frames keep their uncompressed header (RFC 6386 section 9.1). */
export type Kind = "audio" | "video";

const VP8_KEY_FRAME = 10;
const VP8_DELTA_FRAME = 3;

/** Whether a VP8 frame is a key frame: the low bit of its first byte is then 0. */
export function isKeyFrame(frame: Uint8Array): boolean {
  return ((frame[0] ?? 1) & 1) === 0;
}

/** Bytes of the clear prefix. FrameRefused("malformed") where the frame is shorter than that. */
export function clearLength(kind: Kind, frame: Uint8Array): number {
  if (kind === "audio") return 0;
  const length = isKeyFrame(frame) ? VP8_KEY_FRAME : VP8_DELTA_FRAME;
  if (frame.length < length) throw new FrameRefused("malformed");
  return length;
}
