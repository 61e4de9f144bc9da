/** From whatever was thrown to what a person is told. */

import type { Failure } from "@segel/client/state";

/** The codes of a MeetingError (docs/protocol/wire.md 5, and the client's own) that a person can act on. */
const kinds: Readonly<Record<string, Failure["kind"]>> = {
  "bad-link": "bad-link",
  unknown_alias: "unknown-meeting",
  unknown_group: "unknown-meeting",
  invitation_required: "invitation",
  bad_invitation: "invitation",
  unsupported: "unsupported",
  away: "server",
  slow_down: "server",
  storage_full: "server",
};

/** Whether it takes another link or another invitation: the door that the person stands at will not open. */
export function needsAnother({ kind }: Failure): boolean {
  return kind === "bad-link" || kind === "unknown-meeting" || kind === "invitation";
}

/** A MeetingError says its code and detail; everything else is ours. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error) || !("code" in error)) return { kind: "internal", detail: "" };
  return { kind: kinds[String(error.code)] ?? "internal", detail: error.message };
}
