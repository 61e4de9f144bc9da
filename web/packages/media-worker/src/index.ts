/** SFrame for a meeting's frames; the worker itself is `@segel/media-worker/worker`. */

export { type DropCause, FrameRefused } from "./errors.js";
export type { Kind } from "./frame.js";
export type {
  DropCounts,
  EpochKey,
  TransformOptions,
  WorkerCommand,
  WorkerReport,
} from "./messages.js";
