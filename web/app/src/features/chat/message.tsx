/** One message: what was written, what it answers, what was done to it, and what can be done. */

import type { RefObject, VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Delivery, Message, Transfer } from "@segel/client/state";
import { AlarmIcon, CheckIcon, ClockIcon, DeleteIcon, EditIcon, ReactIcon, ReplyIcon } from "../../primitives/icons.js";
import { Round } from "../../primitives/controls.js";
import { Dialog } from "../../primitives/dialog.js";
import { Name } from "../../primitives/person.js";
import { dayOf, timeOf } from "../../strings/dates.js";
import { strings } from "../../strings/index.js";
import type { ChatActions } from "../../view.js";
import type { About } from "./composer.js";
import { FileCard } from "./file.js";
import type { Placed } from "./grouping.js";

const words = strings.chat;
const SIGNS = ["👍", "❤️", "😄", "🎉", "👀", "🙏"] as const;

interface ItemProps {
  readonly placed: Placed;
  /** Of how many messages it is which, from 1: a screen reader cannot count those that are not drawn. */
  readonly position: number;
  readonly count: number;
  /** The message that it answers, or that it answers one that is not here. */
  readonly answered: Message | "unknown" | null;
  /** The download of its file, where one is on its way. */
  readonly transfer: Transfer | null;
  readonly actions: ChatActions;
  readonly onDraft: (about: About) => void;
}

export function MessageItem({ placed, position, count, answered, transfer, actions, onDraft }: ItemProps): VNode {
  const { message, newDay, newSpeaker } = placed;
  const [open, setOpen] = useState(false);
  const article = useRef<HTMLElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useKeptFocus(article, opener);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !open) return;
    // The panel closes by Escape too, and this press was not for it.
    event.stopPropagation();
    setOpen(false);
    opener.current?.focus();
  };
  return (
    <>
      {newDay ? <p class="day small soft">{dayOf(message.at, Date.now())}</p> : null}
      <article ref={article} class={message.you ? "message own" : "message"} data-testid="message" data-id={message.id} data-delivery={message.delivery} aria-posinset={position} aria-setsize={count} onKeyDown={onKeyDown}>
        {newSpeaker ? <Heading message={message} /> : null}
        {answered === null ? null : <Quoted message={answered} />}
        {message.deleted ? <p class="bubble soft"><em>{words.deleted}</em></p> : (
          <>
            <div class="bubble-row">
              {message.file === null ? <Bubble message={message} /> : (
                <div class="bubble">
                  <FileCard message={message} file={message.file} transfer={transfer} actions={actions.files} />
                  {message.you ? <DeliveryMark delivery={message.delivery} /> : null}
                </div>
              )}
              {message.delivery === "failed" ? null : <Round label={words.actions(message.name)} testid="message-actions" look="quiet more" tip="end" expanded={open} buttonRef={opener} onPress={() => setOpen(!open)}>
                <ReactIcon size={18} />
              </Round>}
            </div>
            {message.delivery === "failed" ? <NotSent message={message} actions={actions} /> : null}
            <Reactions message={message} actions={actions} />
            {open ? <Toolbar message={message} actions={actions} onDraft={onDraft} onDone={() => setOpen(false)} /> : null}
          </>
        )}
      </article>
    </>
  );
}

/** When what the keyboard is on goes, it stays near: on the opener of the tools, or on the list where that went too. */
function useKeptFocus(article: RefObject<HTMLElement | null>, opener: RefObject<HTMLElement | null>): void {
  const held = article.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (!held || document.activeElement !== document.body) return;
    (opener.current ?? article.current?.closest<HTMLElement>("[role=log]"))?.focus();
  });
}

function Heading({ message }: { message: Message }): VNode {
  return (
    <p class="message-head small">
      <strong><Name name={message.you ? strings.meeting.you : message.name} /></strong>
      <time class="soft" dateTime={new Date(message.at).toISOString()}>{timeOf(message.at)}</time>
    </p>
  );
}

function Quoted({ message }: { message: Message | "unknown" }): VNode {
  if (message === "unknown") return <p class="quoted small soft">{words.gone}</p>;
  return (
    <p class="quoted small soft">
      <ReplyIcon size={14} />
      <span class="clip"><bdi>{message.name}</bdi>: <bdi>{message.deleted ? words.deleted : message.file?.name ?? message.text}</bdi></span>
    </p>
  );
}

function Bubble({ message }: { message: Message }): VNode {
  return (
    <p class="bubble" dir="auto">
      {message.parts.map((part, index) => part.kind === "link"
        ? <a key={index} href={part.href} dir="ltr" target="_blank" rel="noopener noreferrer">{part.text}</a>
        : part.text)}
      {message.edited ? <span class="soft small"> ({words.edited})</span> : null}
      {message.you ? <DeliveryMark delivery={message.delivery} /> : null}
    </p>
  );
}

const marks: Readonly<Record<Delivery, VNode>> = {
  sending: <ClockIcon size={14} />,
  sent: <CheckIcon size={14} />,
  failed: <AlarmIcon size={14} />,
};

function DeliveryMark({ delivery }: { delivery: Delivery }): VNode {
  const label = words[delivery];
  return (
    <span class={`delivery ${delivery}`} role="img" aria-label={label} title={label}>
      {marks[delivery]}{delivery === "failed" ? label : null}
    </span>
  );
}

/** Nobody else has it: it can only be sent, or be gone. */
function NotSent({ message, actions }: { message: Message; actions: ChatActions }): VNode {
  return (
    <p class="not-sent">
      <button type="button" class="button plain" data-testid="retry" onClick={() => actions.retry(message.id)}>{words.retry}</button>
      <button type="button" class="button plain danger-text" data-testid="discard" onClick={() => actions.discard(message.id)}>{words.discard}</button>
    </p>
  );
}

function Reactions({ message, actions }: { message: Message; actions: ChatActions }): VNode | null {
  if (message.reactions.length === 0) return null;
  return (
    <p class="reactions">
      {message.reactions.map(({ sign, accounts, others, you }) => (
        <button
          key={sign}
          type="button"
          class="reaction"
          aria-pressed={you}
          title={words.reacted(sign, others, you)}
          onClick={() => actions.react(message.id, sign, !you)}
        >
          <bdi class="sign">{sign}</bdi> {accounts.length}
        </button>
      ))}
    </p>
  );
}

interface ToolbarProps {
  readonly message: Message;
  readonly actions: ChatActions;
  readonly onDraft: (about: About) => void;
  readonly onDone: () => void;
}

function Toolbar({ message, actions, onDraft, onDone }: ToolbarProps): VNode {
  const then = (act: () => void) => (): void => {
    act();
    onDone();
  };
  const [removing, setRemoving] = useState(false);
  const bar = useRef<HTMLDivElement>(null);
  // Those of the newest message would open under the place for writing.
  useLayoutEffect(() => bar.current?.scrollIntoView({ block: "nearest" }), []);
  const mine = (sign: string): boolean => message.reactions.some((reaction) => reaction.sign === sign && reaction.you);
  return (
    <div class="message-tools" ref={bar} role="group" aria-label={words.actions(message.name)}>
      {SIGNS.map((sign) => (
        <button key={sign} type="button" class="tool" aria-label={words.react(sign)} aria-pressed={mine(sign)} onClick={then(() => actions.react(message.id, sign, !mine(sign)))}>{sign}</button>
      ))}
      <button type="button" class="tool" aria-label={words.reply} title={words.reply} onClick={then(() => onDraft({ kind: "reply", message }))}><ReplyIcon size={20} /></button>
      {message.you ? (
        <>
          {message.file === null ? <button type="button" class="tool" aria-label={words.edit} title={words.edit} onClick={then(() => onDraft({ kind: "edit", message }))}><EditIcon size={20} /></button> : null}
          <button type="button" class="tool" aria-label={words.remove} title={words.remove} onClick={() => setRemoving(true)}><DeleteIcon size={20} /></button>
          {removing ? <Removing file={message.file !== null} onRemove={then(() => actions.remove(message.id))} onClose={() => setRemoving(false)} /> : null}
        </>
      ) : null}
    </div>
  );
}

function Removing({ file, onRemove, onClose }: { file: boolean; onRemove: () => void; onClose: () => void }): VNode {
  return (
    <Dialog title={words.removeAsk} text={file ? words.removeFileText : words.removeText} testid="removing" onClose={onClose}>
      <button type="button" class="button outline" onClick={onClose}>{words.cancel}</button>
      <button type="button" class="button danger" data-testid="remove-yes" onClick={onRemove}>{words.remove}</button>
    </Dialog>
  );
}
