/** What people write to each other. */

import type { VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Message } from "@segel/client/state";
import { SidePanel } from "../../primitives/panel.js";
import { strings } from "../../strings.js";
import type { ChatActions } from "../../view.js";
import { Composer, type Draft } from "./composer.js";
import { place } from "./grouping.js";
import { MessageItem } from "./message.js";

const words = strings.chat;

interface ChatProps {
  readonly messages: readonly Message[];
  readonly actions: ChatActions;
  readonly onClose: () => void;
}

export function Chat({ messages, actions, onClose }: ChatProps): VNode {
  const [draft, setDraft] = useState<Draft>({ kind: "new" });
  return (
    <SidePanel id="chat" title={words.title} onClose={onClose} foot={<Composer draft={draft} actions={actions} onDone={() => setDraft({ kind: "new" })} />}>
      <MessageList messages={messages} actions={actions} onDraft={setDraft} />
    </SidePanel>
  );
}

interface ListProps {
  readonly messages: readonly Message[];
  readonly actions: ChatActions;
  readonly onDraft: (draft: Draft) => void;
}

function MessageList({ messages, actions, onDraft }: ListProps): VNode {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  // Follows what comes in, unless the person scrolled up to read.
  useLayoutEffect(() => {
    if (box.current !== null && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [messages]);
  const onScroll = (event: Event): void => {
    const { scrollHeight, scrollTop, clientHeight } = event.currentTarget as HTMLDivElement;
    atEnd.current = scrollHeight - scrollTop - clientHeight < 40;
  };
  const byId = new Map(messages.map((message) => [message.id, message]));
  return (
    <div class="panel-body messages" ref={box} onScroll={onScroll} tabIndex={0} role="log" aria-label={words.title} aria-live="off">
      {messages.length === 0 ? <p class="soft messages-empty">{words.empty}</p> : null}
      {place(messages).map((placed) => (
        <MessageItem
          key={placed.message.id}
          placed={placed}
          answered={placed.message.replyTo === null ? null : byId.get(placed.message.replyTo) ?? "unknown"}
          actions={actions}
          onDraft={onDraft}
        />
      ))}
    </div>
  );
}
