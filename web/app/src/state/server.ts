/** What the server says of itself: `GET /v1/server` (docs/protocol/wire.md 8). */

import type { Kept, ServerAnswer, ServerInfo } from "../view.js";

const AGAIN_MS = 3_000;
/** What this page speaks (docs/protocol/wire.md 2). Written out, since the codec is not loaded for the first screen. */
export const PROTOCOL = 1;

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

/** Text that is shown as the operator's words; anything that is no text counts as nothing said. */
function said(value: unknown): string {
  return typeof value === "string" ? value.slice(0, 500) : "";
}

function keptOf(value: unknown): Kept {
  const fields = fieldsOf(value);
  return { what: said(fields["what"]), why: said(fields["why"]), until: said(fields["until"]) };
}

/** Reads the answer; whatever does not have its shape counts as nothing said. */
export function readServerInfo(value: unknown): ServerInfo {
  const fields = fieldsOf(value);
  const keeps: readonly unknown[] = Array.isArray(fields["keeps"]) ? fields["keeps"] : [];
  return {
    operator: said(fields["operator"]),
    location: said(fields["location"]),
    contact: said(fields["contact"]),
    protocol: typeof fields["protocol"] === "number" ? fields["protocol"] : PROTOCOL,
    starters: fields["starters"] === "invited" ? "invited" : "anyone",
    keeps: keeps.slice(0, 50).map(keptOf).filter((kept) => kept.what !== ""),
  };
}

async function ask(): Promise<ServerInfo> {
  const response = await fetch("/v1/server", { credentials: "omit", cache: "no-store" });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return readServerInfo(await response.json());
}

/** Asks until there is an answer; `listener` hears each change. */
export function watchServer(listener: (answer: ServerAnswer) => void): void {
  ask().then(
    (info) => listener({ state: "known", info }),
    () => {
      listener({ state: "gone" });
      setTimeout(() => watchServer(listener), AGAIN_MS);
    },
  );
}
