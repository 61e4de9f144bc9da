/** Files between the meeting and the browser: its save dialogue, its downloads, and pictures as it shows them. */

import type { Meeting } from "@segel/client/api";
import type { FileActions, Shown } from "../view.js";

/** Chromium's, which the types of pages do not have yet. */
type Picker = (options: { readonly suggestedName: string }) => Promise<FileSystemFileHandle>;

/** Pictures that were looked at last, so that scrolling back fetches nothing. */
const KEPT = 8;

export function fileActions(meeting: () => Meeting | null): FileActions {
  const pictures = new Map<string, ReturnType<Meeting["files"]["preview"]>>();
  const act = (work: (files: Meeting["files"]) => Promise<unknown>): void => {
    const { files } = meeting() ?? {};
    // What goes wrong stands in the transfer.
    if (files !== undefined) work(files).catch(() => undefined);
  };

  const picture = (message: string): ReturnType<Meeting["files"]["preview"]> => {
    const known = pictures.get(message);
    const asked = known ?? meeting()?.files.preview(message) ?? Promise.resolve(null);
    pictures.delete(message);
    pictures.set(message, asked);
    asked.catch(() => pictures.delete(message));
    for (const [old] of pictures) if (pictures.size > KEPT) pictures.delete(old);
    return asked;
  };

  return {
    give: (given) => act(async (files) => { for (const file of given) await files.send(file); }),
    pause: (transfer) => act((files) => files.pause(transfer)),
    resume: (transfer) => act((files) => files.resume(transfer)),
    cancel: (transfer) => act((files) => files.cancel(transfer)),
    save: (message, name) => act(async (files) => {
      // Asked for before anything else: the browser shows its dialogue only right after a press.
      const picker = (globalThis as { showSaveFilePicker?: Picker }).showSaveFilePicker;
      const chosen = picker === undefined ? null : await picker.call(globalThis, { suggestedName: name });
      const file = await files.save(message, chosen);
      if (file !== null) handOver(file, name);
    }),
    document: async (message) => (await meeting()?.files.document(message)) ?? null,
    preview: async (message): Promise<Shown | null> => {
      const shown = await picture(message);
      return shown === null ? null : { url: URL.createObjectURL(shown.picture), width: shown.width, height: shown.height };
    },
  };
}

/** Gives a whole file to the browser's downloads. It is never opened here: the type says nothing, and the address is no page. */
function handOver(file: Blob, name: string): void {
  const url = URL.createObjectURL(file.slice(0, file.size, "application/octet-stream"));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken hold of it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
