/** How a run of messages is laid out: days apart, and one heading for what a person writes in one go. */

import type { Message } from "@segel/client/state";

/** Messages of one person that are closer than this stand under one name. */
const ONE_GO_MS = 5 * 60_000;

export interface Placed {
  readonly message: Message;
  /** The first message of its day here. */
  readonly newDay: boolean;
  /** The name stands above it. */
  readonly newSpeaker: boolean;
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/** Places messages in the order that they are given. */
export function place(messages: readonly Message[]): readonly Placed[] {
  return messages.map((message, index) => {
    const before = messages[index - 1];
    const newDay = before === undefined || !sameDay(before.at, message.at);
    const newSpeaker = newDay || before.account !== message.account || message.at - before.at > ONE_GO_MS;
    return { message, newDay, newSpeaker };
  });
}

/** Where somebody who sees all has got to. The others' messages stand still; one's own move to the end when they are stored. */
export function lastOfOthers(messages: readonly Message[]): string | null {
  return messages.findLast((message) => !message.you)?.id ?? null;
}

/** How many of the others' messages came after the last one that was seen. */
export function unreadAfter(messages: readonly Message[], seen: readonly string[]): number {
  const index = messages.findLastIndex((message) => seen.includes(message.id));
  return messages.slice(index + 1).filter((message) => !message.you && !message.deleted).length;
}
