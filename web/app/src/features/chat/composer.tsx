/** Where a message is written, answered or changed. */

import type { Signal } from "@preact/signals";
import type { RefObject, VNode } from "preact";
import type { Message } from "@segel/client/state";
import { Round } from "../../primitives/controls.js";
import { CloseIcon, SendIcon } from "../../primitives/icons.js";
import { AttachButton, pastedFiles } from "./giving.js";
import { strings } from "../../strings/index.js";
import type { ChatActions } from "../../view.js";

const words = strings.chat;
/** Well under the wire's 1 310 720 bytes for a message, at four bytes a character. */
const MOST_CHARACTERS = 100_000;

/** The message that is answered, or of which another version is written. */
export interface About {
  readonly kind: "reply" | "edit";
  readonly message: Message;
}

/** What is being written; about nothing where it is something new. */
export interface Draft {
  readonly text: string;
  readonly about: About | null;
  /** What was being written before a message was taken up to be changed, and comes back after it. */
  readonly before?: Draft;
}

export const nothingWritten: Draft = { text: "", about: null };

/** The draft once the person set out to answer a message, or to change one. */
export function takeUp(draft: Draft, about: About): Draft {
  if (about.kind === "reply") return { ...(draft.before ?? draft), about };
  return { text: about.message.text, about, before: draft.before ?? draft };
}

interface ComposerProps {
  readonly draft: Signal<Draft>;
  readonly box: RefObject<HTMLTextAreaElement | null>;
  readonly actions: ChatActions;
}

export function Composer({ draft, box, actions }: ComposerProps): VNode {
  const { text, about } = draft.value;
  const tooLong = text.length > MOST_CHARACTERS;
  const submit = (event: Event): void => {
    event.preventDefault();
    if (text.trim() === "" || tooLong) return;
    if (about?.kind === "edit") actions.edit(about.message.id, text);
    else actions.send(text, about?.message.id ?? null);
    draft.value = draft.value.before ?? nothingWritten;
  };
  const cancel = (): void => {
    draft.value = draft.value.before ?? { text, about: null };
    box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // A key that ends a composition (Chinese, Japanese) belongs to the input method.
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && event.target === box.current) submit(event);
    if (event.key !== "Escape" || about === null) return;
    // The panel closes by Escape too, and this press was not for it.
    event.stopPropagation();
    cancel();
  };

  return (
    <form class="composer" onSubmit={submit} onKeyDown={onKeyDown}>
      {about === null ? null : <AboutLine about={about} onCancel={cancel} />}
      {tooLong ? <p class="small danger-text" role="alert">{words.tooLong}</p> : null}
      <div class="composer-row">
        <AttachButton onFiles={actions.files.give} />
        <textarea
          ref={box}
          class="input"
          data-testid="chat-input"
          rows={1}
          aria-label={words.placeholder}
          placeholder={words.placeholder}
          dir="auto"
          value={text}
          onPaste={(event) => {
            const files = pastedFiles(event);
            if (files.length === 0) return;
            event.preventDefault();
            actions.files.give(files);
          }}
          onInput={(event) => (draft.value = { ...draft.value, text: event.currentTarget.value })}
        />
        <button type="submit" class="round primary" data-testid="chat-send" aria-label={about?.kind === "edit" ? words.save : words.send}>
          <SendIcon />
        </button>
      </div>
    </form>
  );
}

function AboutLine({ about, onCancel }: { about: About; onCancel: () => void }): VNode {
  return (
    <div class="composer-about small">
      <span class="clip">{about.kind === "edit" ? words.editing : words.replying(about.message.name)}</span>
      <Round label={words.cancel} testid="composer-cancel" look="quiet small-round" tip="end" onPress={onCancel}><CloseIcon size={18} /></Round>
    </div>
  );
}
