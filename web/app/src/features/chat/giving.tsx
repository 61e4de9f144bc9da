/** The ways in which a person gives files: a button, dropping them on the page, pasting. */

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { AttachIcon } from "../../primitives/icons.js";
import { Round } from "../../primitives/controls.js";
import { strings } from "../../strings/index.js";

type Give = (files: readonly File[]) => void;

/** A button that opens the browser's file picker. */
export function AttachButton({ onFiles }: { onFiles: Give }): VNode {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <Round label={strings.files.attach} testid="attach" look="quiet" onPress={() => field.current?.click()}><AttachIcon /></Round>
      <input
        ref={field}
        type="file"
        multiple
        hidden
        data-testid="attach-field"
        aria-label={strings.files.attach}
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          // The same file can be chosen again.
          currentTarget.value = "";
        }}
      />
    </>
  );
}

/** Takes files dropped anywhere on the page: elsewhere the browser would open one, and leave the meeting. */
export function DropPlace({ onFiles }: { onFiles: Give }): VNode | null {
  const [over, setOver] = useState(false);
  const give = useRef(onFiles);
  give.current = onFiles;
  useEffect(() => {
    const ended = new AbortController();
    const on = (type: "dragover" | "dragleave" | "drop", act: (event: DragEvent) => void): void => window.addEventListener(type, (event) => {
      if (event.dataTransfer?.types.includes("Files") === true) act(event);
    }, { signal: ended.signal });
    on("dragover", (event) => {
      event.preventDefault();
      setOver(true);
    });
    on("dragleave", ({ relatedTarget }) => { if (relatedTarget === null) setOver(false); });
    on("drop", (event) => {
      event.preventDefault();
      setOver(false);
      give.current([...(event.dataTransfer?.files ?? [])]);
    });
    return () => ended.abort();
  }, []);
  return over ? <p class="drop-place">{strings.files.drop}</p> : null;
}

/** The files in what is pasted; none where it is text, which a spreadsheet gives with a picture of itself. */
export function pastedFiles({ clipboardData }: ClipboardEvent): readonly File[] {
  if (clipboardData === null || clipboardData.types.includes("text/plain")) return [];
  return [...clipboardData.files];
}
