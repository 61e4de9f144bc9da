/** Where the person is in the product, as signals; the only state that the page has. */

import { batch, computed, effect, signal } from "@preact/signals";
import type { Client, Meeting } from "@segel/client/api";
import type { Failure, MeetingState } from "@segel/client/state";
import type { Local, LocalState, MediaState, Session as RoomMedia, Unsupported } from "@segel/media/state";
import { lastOfOthers, unreadAfter } from "../features/chat/grouping.js";
import { strings } from "../strings/index.js";
import type { DoorView, MeetingView, Panel, Purpose, ServerAnswer, WayIn } from "../view.js";
import type { Address } from "./address.js";
import { announcements } from "./announcements.js";
import type { Lack } from "./browser.js";
import { rememberSeen, rememberedName, rememberedSeen } from "./memory.js";
import { createOutlook, handsAfter } from "./outlook.js";

/** Of so many meetings it is remembered how far they were read. */
const MOST_SEEN = 20;

export type Place =
  | { readonly at: "home"; readonly invitation: string }
  | { readonly at: "door"; readonly purpose: Purpose; readonly link: string; readonly invitation: string }
  | { readonly at: "plan" }
  | { readonly at: "keeps" }
  | { readonly at: "bad-link" }
  | { readonly at: "not-found" }
  | { readonly at: "meeting" };

/** What the heavy half of the page gives: keys, connection, devices. Loaded after the first frame. */
export interface Engine {
  readonly client: Client;
  readonly local: Local;
  readonly unsupported: Unsupported | null;
  openMedia(meeting: Meeting): RoomMedia;
}

const nobody: LocalState = {
  microphone: { state: "off", problem: null, level: 0, speaking: false },
  camera: { state: "off", problem: null, picture: null },
  screen: { state: "off", problem: null, picture: null, sound: false },
  microphones: { all: [], chosen: null },
  cameras: { all: [], chosen: null },
  speakers: { all: [], chosen: null },
};

function noMedia(local: LocalState, unsupported: Unsupported | null): MediaState {
  return {
    connection: "off",
    unsupported,
    local,
    published: { audio: null, video: null, screen: null, "screen-audio": null },
    streams: [],
    dropped: { malformed: 0, unknown_key: 0, wrong_member: 0, forged: 0, replayed: 0, unsent: 0 },
    quality: new Map(),
  };
}

function placeOf(address: Address): Place {
  if (address.at !== "door") return address;
  return { at: "door", purpose: "join", link: address.link, invitation: "" };
}

export type Session = ReturnType<typeof createSession>;

export function createSession(address: Address) {
  const place = signal<Place>(placeOf(address));
  const server = signal<ServerAnswer>({ state: "asking" });
  const lack = signal<Lack | null>(null);
  const local = signal<LocalState>(nobody);
  const unsupported = signal<Unsupported | null>(null);
  const name = signal(rememberedName());
  const wayIn = signal<WayIn>("link");
  const notDone = signal(false);
  const busy = signal(false);
  const failure = signal<Failure | null>(null);
  const link = signal("");
  const meeting = signal<MeetingState | null>(null);
  const media = signal<MediaState | null>(null);
  const panel = signal<Panel | null>(null);
  const { outlook, look } = createOutlook();
  /** What was said aloud last; counted, because the same words are said again. */
  const said = signal({ text: "", count: 0 });
  /** Up to which messages chats were read, here and before this load of the page. */
  const seen = signal(rememberedSeen());

  const door = computed<DoorView | null>(() => {
    const here = place.value;
    if (here.at !== "door") return null;
    return {
      purpose: here.purpose, server: server.value, local: local.value, unsupported: unsupported.value,
      name: name.value, wayIn: wayIn.value, busy: busy.value, failure: failure.value,
    };
  });
  const room = computed<MeetingView | null>(() => {
    const state = meeting.value;
    if (state === null) return null;
    return {
      state, link: link.value, panel: panel.value, unread: unreadAfter(state.messages, seen.value),
      notDone: notDone.value,
      outlook: outlook.value,
      media: media.value ?? noMedia(local.value, unsupported.value),
    };
  });

  const see = (messages: MeetingState["messages"]): void => {
    const last = lastOfOthers(messages);
    if (last === null || seen.peek().at(-1) === last) return;
    const here = new Set(messages.map(({ id }) => id));
    // Another tab may have gone on reading another meeting.
    const others = new Set([...rememberedSeen(), ...seen.peek()].filter((id) => !here.has(id)));
    seen.value = [...[...others].slice(1 - MOST_SEEN), last];
    rememberSeen(seen.value);
  };

  /** Takes the meeting's next state and says aloud what changed. */
  const setMeeting = (next: MeetingState): void => {
    const before = meeting.peek();
    batch(() => {
      meeting.value = next;
      const hands = handsAfter(outlook.peek().hands, next.people);
      if (hands !== outlook.peek().hands) look({ hands });
      if (panel.value === "chat") see(next.messages);
      const sentences = before === null ? [] : announcements(before, next);
      if (sentences.length > 0) said.value = { text: sentences.join(". "), count: said.peek().count + 1 };
    });
  };
  const open = (next: Panel | null): void => {
    batch(() => {
      panel.value = next;
      if (next === "chat") see(meeting.value?.messages ?? []);
    });
  };

  effect(() => {
    const unread = room.value?.unread ?? 0;
    const title = place.value.at === "meeting" ? `${strings.meeting.title} · ${strings.product}` : strings.product;
    document.title = unread > 0 ? `(${unread}) ${title}` : title;
  });

  return { outlook, look, place, server, lack, local, unsupported, name, wayIn, notDone, busy, failure, link, meeting, media, panel, said, door, room, setMeeting, open };
}
