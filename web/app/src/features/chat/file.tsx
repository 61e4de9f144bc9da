/** A file in the chat: what it is, how far it is, what can be done with it, and the picture that it is. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { FileProblem, Message, SharedFile, Transfer } from "@segel/client/state";
import { Round } from "../../primitives/controls.js";
import { CloseIcon, FileIcon, PauseIcon, PlayIcon, RetryIcon, SaveIcon, ShowIcon } from "../../primitives/icons.js";
import { DocumentView } from "./document.js";
import { FileName } from "./file-name.js";
import { sizeOf } from "../../strings/sizes.js";
import { strings } from "../../strings/index.js";
import type { FileActions, Shown } from "../../view.js";

const words = strings.files;

/** What trying again does not change: other files, or none, would have to be given. */
const HOPELESS: readonly FileProblem[] = ["changed", "unreadable", "too_large", "refused", "gone", "bad"];

/** What may be a picture by its name: worth a look at its bytes, which alone decide. */
const PICTURES = /\.(png|jpe?g|gif|webp|avif)$/iu;
const MOST_SHOWN = 8_000_000;
/** What may be a PDF by its name; its bytes decide as well. */
const DOCUMENTS = /\.pdf$/iu;
const MOST_READ = 32_000_000;

interface FileProps {
  readonly message: Message;
  readonly file: SharedFile;
  /** Its download, where one is on its way. */
  readonly transfer: Transfer | null;
  readonly actions: FileActions;
}

export function FileCard({ message, file, transfer, actions }: FileProps): VNode {
  const { name, size } = file;
  const [reading, setReading] = useState(false);
  const readable = DOCUMENTS.test(name) && size <= MOST_READ;
  const expired = Date.now() > file.expires;
  const loading = transfer !== null && transfer.state !== "failed";
  const hopeless = expired || (transfer !== null && transfer.problem !== null && HOPELESS.includes(transfer.problem));
  return (
    <div class="file" data-testid="file" data-state={expired ? "expired" : transfer?.state ?? "there"}>
      {expired || message.delivery === "failed" ? null : <Picture message={message.id} file={file} actions={actions} />}
      <div class="file-row">
        <FileIcon />
        <div class="file-facts">
          <FileName name={name} />
          <span class="small soft">{sizeOf(size)}{expired ? ` · ${words.expired}` : ""}</span>
        </div>
        {readable && !expired && message.delivery !== "failed"
          ? <Round label={words.show(name)} testid="file-show" look="quiet small-round" tip="end" onPress={() => setReading(true)}><ShowIcon size={20} /></Round>
          : null}
        {loading
          ? <Round label={words.cancel(name)} testid="file-cancel" look="quiet small-round" tip="end" onPress={() => actions.cancel(transfer.id)}><CloseIcon size={18} /></Round>
          : hopeless ? null : <Round label={words.save(name)} testid="file-save" look="quiet small-round" tip="end" onPress={() => actions.save(message.id, name)}><SaveIcon size={20} /></Round>}
      </div>
      {transfer === null ? null : <Progress transfer={transfer} />}
      {reading ? <DocumentView file={file} fetch={() => actions.document(message.id)} onClose={() => setReading(false)} /> : null}
    </div>
  );
}

/** A bar while it goes on, and a sentence where it does not. */
function Progress({ transfer: { name, size, done, state, problem } }: { transfer: Transfer }): VNode {
  if (problem !== null) return <p class="small danger-text" role="alert" data-testid="file-problem">{words.problems[problem]}</p>;
  return (
    <>
      <progress max={Math.max(1, size)} value={done} aria-label={words.progress(name)} />
      {state === "running" || state === "failed" ? null : <span class="small soft">{words.states[state]}</span>}
    </>
  );
}

/** Fetched as soon as it is drawn, where it is small and named as a picture. */
function Picture({ message, file, actions }: { message: string; file: SharedFile; actions: FileActions }): VNode | null {
  const [shown, setShown] = useState<Shown | "none" | null>(null);
  const wanted = PICTURES.test(file.name) && file.size <= MOST_SHOWN;
  useEffect(() => {
    if (!wanted) return undefined;
    let over = false;
    // One that does not come is no statement about what it is: saving it says why.
    const asked = actions.preview(message).then((picture) => picture ?? "none" as const, () => null);
    void asked.then((picture) => { if (!over) setShown(picture); });
    return () => {
      over = true;
      void asked.then((picture) => { if (picture !== null && picture !== "none") URL.revokeObjectURL(picture.url); });
    };
  }, [message, wanted]);
  if (shown === "none") return <p class="small soft" data-testid="not-shown">{words.notShown}</p>;
  if (shown === null) return null;
  return <img class="file-picture" data-testid="picture" src={shown.url} width={shown.width} height={shown.height} alt={words.picture(file.name)} onError={() => setShown("none")} />;
}

interface UploadsProps {
  readonly transfers: readonly Transfer[];
  readonly actions: FileActions;
}

/** Files that go up; each becomes a message when it is there. */
export function Uploads({ transfers, actions }: UploadsProps): VNode | null {
  const up = transfers.filter(({ direction }) => direction === "up");
  if (up.length === 0) return null;
  return (
    <div class="uploads" role="group" aria-label={words.uploads}>
      <ul>
        {up.map((transfer) => <li key={transfer.id}><Uploading transfer={transfer} actions={actions} /></li>)}
      </ul>
      <p class="small soft">{words.stay}</p>
    </div>
  );
}

function Uploading({ transfer, actions }: { transfer: Transfer; actions: FileActions }): VNode {
  const { id, name, size, state } = transfer;
  return (
    <div class="file" data-testid="upload" data-state={state} data-done={transfer.done}>
      <div class="file-row">
        <FileIcon />
        <div class="file-facts">
          <FileName name={name} />
          <span class="small soft">{sizeOf(size)}</span>
        </div>
        <Switch transfer={transfer} actions={actions} />
        <Round label={words.cancel(name)} testid="upload-cancel" look="quiet small-round" tip="end" onPress={() => actions.cancel(id)}><CloseIcon size={18} /></Round>
      </div>
      <Progress transfer={transfer} />
    </div>
  );
}

/** What can be done to go on, or not to. */
function Switch({ transfer: { id, name, state, problem }, actions }: { transfer: Transfer; actions: FileActions }): VNode | null {
  if (problem !== null && HOPELESS.includes(problem)) return null;
  switch (state) {
    case "failed":
      return <Round label={words.retry(name)} testid="upload-retry" look="quiet small-round" tip="end" onPress={() => actions.resume(id)}><RetryIcon size={18} /></Round>;
    case "paused":
      return <Round label={words.resume(name)} testid="upload-resume" look="quiet small-round" tip="end" onPress={() => actions.resume(id)}><PlayIcon size={18} /></Round>;
    default:
      return <Round label={words.pause(name)} testid="upload-pause" look="quiet small-round" tip="end" onPress={() => actions.pause(id)}><PauseIcon size={18} /></Round>;
  }
}
