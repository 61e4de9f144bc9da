/** Why a device was not given, from what getUserMedia rejects with (W3C Media Capture 10.3.4). */

import type { DeviceProblem } from "./state.js";

const PROBLEMS: Readonly<Record<string, DeviceProblem>> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "none",
  OverconstrainedError: "none",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** The cause by the error's name; what no browser should throw here counts as `busy`. */
export function deviceProblem(error: unknown): DeviceProblem {
  return error instanceof Error ? (PROBLEMS[error.name] ?? "busy") : "busy";
}

/**
 * Why a track ended that nobody stopped: it is not allowed any more, its device is gone, or something else has it.
 * `permissions` is undefined where the browser has none to ask; not every browser knows these names.
 */
export async function causeOfEnd(
  track: MediaStreamTrack,
  name: "microphone" | "camera",
  devices: MediaDevices,
  permissions: Permissions | undefined,
): Promise<DeviceProblem> {
  const status = await permissions?.query({ name }).catch(() => undefined);
  if (status !== undefined && status.state !== "granted") return "denied";
  const { deviceId } = track.getSettings();
  const there = await devices.enumerateDevices();
  return there.some((device) => device.deviceId === deviceId) ? "busy" : "unplugged";
}
