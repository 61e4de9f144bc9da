/** A PDF that somebody gave, page by page, in a frame without an origin: nothing in the file reaches this page. */

import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { SharedFile } from "@segel/client/state";
import { Round } from "../../primitives/controls.js";
import { CloseIcon, NextIcon, PreviousIcon } from "../../primitives/icons.js";
import { strings } from "../../strings/index.js";
import { FileName } from "./file-name.js";

const words = strings.files;

/** Greatest number of pages that a file may claim. */
const MOST_PAGES = 100_000;

type Trouble = "broken" | "locked" | "slow" | "none" | "unreachable";
type Stage = { readonly kind: "loading" } | { readonly kind: "shown"; readonly pages: number } | { readonly kind: "trouble"; readonly what: Trouble };

interface DocumentProps {
  readonly file: SharedFile;
  readonly fetch: () => Promise<ArrayBuffer | null>;
  readonly onClose: () => void;
}

/** What the frame says, as far as it can be believed: it holds a stranger's file. */
interface Drawn {
  readonly page: number;
  readonly ratio: number;
  readonly text: string;
}

export function DocumentView({ file, fetch, onClose }: DocumentProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const frame = useRef<HTMLIFrameElement>(null);
  const [stage, setStage] = useState<Stage>({ kind: "loading" });
  const [page, setPage] = useState(1);
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const pages = stage.kind === "shown" ? stage.pages : 0;

  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  useEffect(() => {
    let over = false;
    const bytes = fetch().catch(() => "unreachable" as const);
    const hear = ({ source, data }: MessageEvent<unknown>): void => {
      if (over || source === null || source !== frame.current?.contentWindow || typeof data !== "object" || data === null) return;
      const told = data as Record<string, unknown>;
      if (told["ready"] === true) void bytes.then((given) => { if (!over) hand(given); });
      else if (isCount(told["pages"])) setStage({ kind: "shown", pages: told["pages"] });
      else if (isTrouble(told["failed"])) setStage({ kind: "trouble", what: told["failed"] });
      else if (isCount(told["drawn"]) && isCount(told["width"]) && isCount(told["height"])) {
        setDrawn({ page: told["drawn"], ratio: told["height"] / told["width"], text: typeof told["text"] === "string" ? told["text"] : "" });
      }
    };
    const hand = (given: ArrayBuffer | "unreachable" | null): void => {
      if (given === null || given === "unreachable") return setStage({ kind: "trouble", what: given ?? "none" });
      frame.current?.contentWindow?.postMessage({ open: given }, "*", [given]);
    };
    addEventListener("message", hear);
    return () => {
      over = true;
      removeEventListener("message", hear);
    };
  }, []);

  useEffect(() => {
    if (pages === 0) return;
    const width = Math.round((frame.current?.clientWidth ?? 600) * devicePixelRatio);
    frame.current?.contentWindow?.postMessage({ page, width }, "*");
  }, [page, pages]);

  const go = (to: number): void => setPage(Math.min(Math.max(1, to), Math.max(1, pages)));
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = { ArrowLeft: page - 1, PageUp: page - 1, ArrowRight: page + 1, PageDown: page + 1, Home: 1, End: pages }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  };

  return (
    <dialog class="dialog document" ref={dialog} data-testid="document" data-drawn={drawn?.page ?? 0} aria-label={file.name} onClose={onClose} onKeyDown={onKeyDown}>
      <div class="document-bar">
        <FileName name={file.name} />
        <Round label={words.document.close} testid="document-close" look="quiet small-round" tip="end" onPress={onClose}><CloseIcon size={18} /></Round>
      </div>
      {stage.kind === "trouble" ? <p role="alert" data-testid="document-trouble">{words.document.troubles[stage.what]}</p> : null}
      {stage.kind === "trouble" ? null : (
        <div class="document-page">
          {drawn === null ? <p class="soft" role="status">{words.document.loading}</p> : null}
          <iframe ref={frame} title={words.document.page(page, pages)} src="/preview.html" sandbox="allow-scripts" tabIndex={-1} style={{ aspectRatio: String(1 / (drawn?.ratio ?? Math.SQRT2)) }} />
          <p class="visually-hidden" data-testid="document-text">{drawn?.text ?? ""}</p>
        </div>
      )}
      {stage.kind === "shown" ? (
        <div class="document-bar">
          <Round label={words.document.previous} testid="document-previous" look="quiet" onPress={() => go(page - 1)}><PreviousIcon size={20} /></Round>
          <span role="status" data-testid="document-number">{words.document.page(page, pages)}</span>
          <Round label={words.document.next} testid="document-next" look="quiet" onPress={() => go(page + 1)}><NextIcon size={20} /></Round>
        </div>
      ) : null}
      <p class="small soft">{words.document.what}</p>
    </dialog>
  );
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 0 && value <= MOST_PAGES;
}

function isTrouble(value: unknown): value is "broken" | "locked" | "slow" {
  return value === "broken" || value === "locked" || value === "slow";
}
