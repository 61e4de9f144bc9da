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

/** What may be tried after each failure: to knock anew, to do the same once more, or nothing, since it stays so. */
const remedies: Readonly<Record<Failure["kind"], "knock" | "again" | null>> = {
  "bad-link": null,
  "unknown-meeting": null,
  expired: null,
  refused: "knock",
  banned: null,
  locked: "knock",
  closed: null,
  full: "knock",
  invitation: null,
  "refused-commit": null,
  server: "again",
  unsupported: null,
  internal: "again",
};

/** Every way in which a meeting can fail. */
export const FAILURES = Object.keys(remedies) as readonly Failure["kind"][];

export function remedyOf({ kind }: Failure): "knock" | "again" | null {
  return remedies[kind];
}

/** What the machines said to each other, where it helps whoever is asked for help; elsewhere it only worries. */
export function tellingDetail({ kind, detail }: Failure): string {
  return kind === "internal" || kind === "server" || kind === "refused-commit" ? detail : "";
}

/** A MeetingError says its code and detail; everything else is ours. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error) || !("code" in error)) return { kind: "internal", detail: "" };
  return { kind: kinds[String(error.code)] ?? "internal", detail: error.message };
}
