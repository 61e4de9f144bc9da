/** What people write to each other. */

import type { Signal } from "@preact/signals";
import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Message, Transfer } from "@segel/client/state";
import { SidePanel } from "../../primitives/panel.js";
import { strings } from "../../strings/index.js";
import type { ChatActions } from "../../view.js";
import { Composer, takeUp, type About, type Draft } from "./composer.js";
import { Uploads } from "./file.js";
import { place } from "./grouping.js";
import { MessageItem } from "./message.js";
import { RUN, runsOf, useRuns } from "./runs.js";

const words = strings.chat;

interface ChatProps {
  readonly messages: readonly Message[];
  readonly transfers: readonly Transfer[];
  /** Kept while the panel is closed. */
  readonly draft: Signal<Draft>;
  readonly actions: ChatActions;
  readonly onClose: () => void;
}

export function Chat({ messages, transfers, draft, actions, onClose }: ChatProps): VNode {
  const box = useRef<HTMLTextAreaElement>(null);
  const write = (about: About): void => {
    draft.value = takeUp(draft.value, about);
    box.current?.focus();
  };
  const foot = (
    <>
      <Uploads transfers={transfers} actions={actions.files} />
      <Composer draft={draft} box={box} actions={actions} />
    </>
  );
  return (
    <SidePanel id="chat" title={words.title} onClose={onClose} foot={foot}>
      <MessageList messages={messages} transfers={transfers} actions={actions} onDraft={write} />
    </SidePanel>
  );
}

interface ListProps {
  readonly messages: readonly Message[];
  readonly transfers: readonly Transfer[];
  readonly actions: ChatActions;
  readonly onDraft: (about: About) => void;
}

function MessageList({ messages, transfers, actions, onDraft }: ListProps): VNode {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const runs = runsOf(place(messages));
  const { drawn, height } = useRuns(box, runs.length);
  // Follows what comes in and what is drawn, unless the person scrolled up to read.
  useLayoutEffect(() => {
    if (box.current !== null && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  });
  const onScroll = (event: Event): void => {
    const { scrollHeight, scrollTop, clientHeight } = event.currentTarget as HTMLDivElement;
    atEnd.current = scrollHeight - scrollTop - clientHeight < 40;
  };
  const byId = new Map(messages.map((message) => [message.id, message]));
  return (
    <div class="panel-body messages" ref={box} onScroll={onScroll} tabIndex={0} role="log" aria-label={words.title} aria-live="off">
      {messages.length === 0 ? <p class="soft messages-empty">{words.empty}</p> : null}
      {runs.map((run, index) => (
        <div key={index} class="run" data-run={index} style={drawn(index) ? {} : { blockSize: `${height(index, run.length)}px` }}>
          {drawn(index) ? run.map((placed, offset) => (
            <MessageItem
              key={placed.message.id}
              placed={placed}
              position={index * RUN + offset + 1}
              count={messages.length}
              answered={placed.message.replyTo === null ? null : byId.get(placed.message.replyTo) ?? "unknown"}
              transfer={transfers.find((each) => each.message === placed.message.id) ?? null}
              actions={actions}
              onDraft={onDraft}
            />
          )) : null}
        </div>
      ))}
    </div>
  );
}
