/** What a screen reader says when something changes by itself. */

import type { MeetingState } from "@segel/client/state";
import { strings } from "../strings/index.js";

const LONGEST_TEXT = 200;
const words = strings.announce;

function comings(before: MeetingState, after: MeetingState): readonly string[] {
  const was = new Set(before.people.map((person) => person.account));
  const is = new Set(after.people.map((person) => person.account));
  return [
    ...after.people.filter((person) => !person.you && !was.has(person.account)).map((person) => words.joined(person.name)),
    ...before.people.filter((person) => !person.you && !is.has(person.account)).map((person) => words.left(person.name)),
  ];
}

function newMessages(before: MeetingState, after: MeetingState): readonly string[] {
  const known = new Set(before.messages.map((message) => message.id));
  return after.messages
    .filter((message) => !message.you && !message.deleted && !known.has(message.id))
    .map((message) => words.message(message.name, (message.file?.name ?? message.text).slice(0, LONGEST_TEXT)));
}

/** Said, and so in the place of what was said of the message before. */
function deletions(before: MeetingState, after: MeetingState): readonly string[] {
  const there = new Set(before.messages.filter((message) => !message.deleted).map((message) => message.id));
  return after.messages
    .filter((message) => !message.you && message.deleted && there.has(message.id))
    .map((message) => words.deleted(message.name));
}

function connection(before: MeetingState, after: MeetingState): readonly string[] {
  if (before.connection === after.connection) return [];
  if (after.connection === "away") return [words.away];
  return before.connection === "away" && after.connection === "online" ? [words.back] : [];
}

function hands(before: MeetingState, after: MeetingState): readonly string[] {
  const was = new Map(before.people.map((person) => [person.account, person.media.hand]));
  return after.people
    .filter((person) => person.media.hand && was.get(person.account) === false)
    .map((person) => (person.you ? words.ownHand : words.hand(person.name)));
}

function edits(before: MeetingState, after: MeetingState): readonly string[] {
  const was = new Map(before.messages.map((message) => [message.id, message.text]));
  return after.messages
    .filter((message) => !message.you && !message.deleted && message.edited && was.has(message.id) && was.get(message.id) !== message.text)
    .map((message) => words.edited(message.name, message.text.slice(0, LONGEST_TEXT)));
}

/** The sentences for the step from one state to the next, both inside the meeting. */
export function announcements(before: MeetingState, after: MeetingState): readonly string[] {
  if (before.phase !== "inside" || after.phase !== "inside") return [];
  return [...connection(before, after), ...comings(before, after), ...newMessages(before, after), ...edits(before, after), ...deletions(before, after), ...hands(before, after)];
}
