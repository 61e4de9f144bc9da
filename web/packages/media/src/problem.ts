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
