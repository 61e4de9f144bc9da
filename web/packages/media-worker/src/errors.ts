/** Why a frame was not let through. */
export type DropCause =
  | "malformed"
  | "unknown_key"
  | "wrong_member"
  | "forged"
  | "replayed"
  | "unsent";

/** A frame was refused; it is dropped, counted by its cause, and nothing else happens. */
export class FrameRefused extends Error {
  readonly reason: DropCause;

  constructor(reason: DropCause) {
    super(`frame refused: ${reason}`);
    this.name = "FrameRefused";
    this.reason = reason;
  }
}
