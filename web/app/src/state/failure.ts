/** From whatever was thrown to what a person is told. */

import type { Failure } from "@segel/client/state";
import { strings } from "../strings.js";

function isKind(value: unknown): value is Failure["kind"] {
  return typeof value === "string" && value in strings.ended.failures;
}

/** A MeetingError says its kind and detail; everything else is ours. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { kind: "internal", detail: "" };
  const kind: unknown = "kind" in error ? error.kind : undefined;
  return isKind(kind) ? { kind, detail: error.message } : { kind: "internal", detail: "" };
}
