/** How good one's own picture is sent, by how many pictures the others have on screen. */

/** Limits of an encoding, as in RTCRtpEncodingParameters. */
export interface Quality {
  /** Bits a second. */
  readonly maxBitrate: number;
  readonly scaleResolutionDownBy: number;
  readonly maxFramerate: number;
}

/** 640x360, then 480x270, then 320x180: tiles get smaller as they get more. */
export function qualityFor(pictures: number): Quality {
  if (pictures <= 4) return { maxBitrate: 1_500_000, scaleResolutionDownBy: 1, maxFramerate: 24 };
  if (pictures <= 9) return { maxBitrate: 350_000, scaleResolutionDownBy: 4 / 3, maxFramerate: 20 };
  return { maxBitrate: 180_000, scaleResolutionDownBy: 2, maxFramerate: 15 };
}

/** What is under way for each sender: parameters that were read are void once others were set. */
const underway = new WeakMap<RTCRtpSender, Promise<void>>();

/** Apply it, after what was asked before. On a poor network both sharpness and smoothness give way. */
export async function applyQuality(sender: RTCRtpSender, quality: Quality): Promise<void> {
  const before = underway.get(sender) ?? Promise.resolve();
  const applied = before.then(async () => setQuality(sender, quality));
  underway.set(sender, applied.catch(() => undefined));
  await applied;
}

async function setQuality(sender: RTCRtpSender, quality: Quality): Promise<void> {
  const parameters = sender.getParameters();
  const encodings = parameters.encodings.map((encoding) => ({ ...encoding, ...quality }));
  await sender.setParameters({ ...parameters, encodings, degradationPreference: "balanced" });
}
