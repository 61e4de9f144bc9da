/** Where a message is written, answered or changed. */

import type { VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Message } from "@segel/client/state";
import { Round } from "../../primitives/controls.js";
import { CloseIcon, SendIcon } from "../../primitives/icons.js";
import { strings } from "../../strings.js";
import type { ChatActions } from "../../view.js";

const words = strings.chat;
/** Well under the wire's 1 310 720 bytes for a message, at four bytes a character. */
const MOST_CHARACTERS = 100_000;

/** What is being written: something new, an answer, or another version of one's own message. */
export type Draft =
  | { readonly kind: "new" }
  | { readonly kind: "reply"; readonly message: Message }
  | { readonly kind: "edit"; readonly message: Message };

interface ComposerProps {
  readonly draft: Draft;
  readonly actions: ChatActions;
  readonly onDone: () => void;
}

export function Composer({ draft, actions, onDone }: ComposerProps): VNode {
  const [text, setText] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    if (draft.kind === "edit") setText(draft.message.text);
    if (draft.kind !== "new") box.current?.focus();
  }, [draft]);

  const tooLong = text.length > MOST_CHARACTERS;
  const submit = (event: Event): void => {
    event.preventDefault();
    if (text.trim() === "" || tooLong) return;
    if (draft.kind === "edit") actions.edit(draft.message.id, text);
    else actions.send(text, draft.kind === "reply" ? draft.message.id : null);
    setText("");
    onDone();
  };
  // Enter that ends a composition (Chinese, Japanese) belongs to the input method.
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  };
  const cancel = (): void => {
    if (draft.kind === "edit") setText("");
    onDone();
  };

  return (
    <form class="composer" onSubmit={submit}>
      {draft.kind === "new" ? null : <About draft={draft} onCancel={cancel} />}
      {tooLong ? <p class="small danger-text" role="alert">{words.tooLong}</p> : null}
      <div class="composer-row">
        <textarea
          ref={box}
          class="input"
          data-testid="chat-input"
          rows={1}
          aria-label={words.placeholder}
          placeholder={words.placeholder}
          dir="auto"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <button type="submit" class="round primary" data-testid="chat-send" aria-label={draft.kind === "edit" ? words.save : words.send}>
          <SendIcon />
        </button>
      </div>
    </form>
  );
}

function About({ draft, onCancel }: { draft: Exclude<Draft, { kind: "new" }>; onCancel: () => void }): VNode {
  return (
    <div class="composer-about small">
      <span class="clip">{draft.kind === "edit" ? words.editing : words.replying(draft.message.name)}</span>
      <Round label={words.cancel} testid="composer-cancel" look="quiet small-round" tip="end" onPress={onCancel}><CloseIcon size={18} /></Round>
    </div>
  );
}
