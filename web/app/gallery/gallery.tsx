/** Draws one screen, named in the address (`?screen=door&language=de&dir=rtl`), from fixtures. For looking and for tests; never shipped. */

import { render, type VNode } from "preact";
import "../src/styles/all.css";
import "../src/styles/room.css";
import { Door } from "../src/features/door/door.js";
import { Ended } from "../src/features/ended/ended.js";
import { Home } from "../src/features/home/home.js";
import { MeetingRoom } from "../src/features/meeting/meeting.js";
import { Unreached } from "../src/features/stopped/unreached.js";
import { Plan } from "../src/features/plan/plan.js";
import { Stopped } from "../src/features/stopped/stopped.js";
import { WaitingRoom } from "../src/features/waiting/waiting.js";
import { plainOutlook } from "../src/state/outlook.js";
import { changeLanguage } from "../src/state/language.js";
import { language } from "../src/strings/index.js";
import { choose } from "../src/strings/choice.js";
import type { MeetingState } from "@segel/client/state";
import { filesOf, link, longConversation, meetingOf, person } from "../src/fixtures/meeting.js";
import { localDenied, localOff, localOn, mediaOf } from "../src/fixtures/media.js";
import type { DoorActions, DoorView, FileActions, MeetingActions, MeetingView, Panel, ServerAnswer, ServerInfo, Shown } from "../src/view.js";

const nothing = (): void => undefined;
const doorActions: DoorActions = { setMicrophone: nothing, setCamera: nothing, choose: nothing, useDevices: nothing, chooseWayIn: nothing, enter: nothing };

/** A picture to show. */
function drawn(): Shown {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [480, 300];
  const pen = canvas.getContext("2d");
  for (const [colour, top] of [["#3b7ea1", 0], ["#d9c48f", 180]] as const) {
    if (pen === null) break;
    pen.fillStyle = colour;
    pen.fillRect(0, top, 480, 300);
  }
  return { url: canvas.toDataURL(), width: 480, height: 300 };
}

const files: FileActions = { give: nothing, pause: nothing, resume: nothing, cancel: nothing, save: nothing, preview: async (message) => (message === "m0" ? drawn() : null) };
const meetingActions: MeetingActions = {
  files,
  setMicrophone: nothing, setCamera: nothing, choose: nothing, send: nothing, edit: nothing, remove: nothing, retry: nothing, discard: nothing, react: nothing,
  open: nothing, setVisible: nothing, shareScreen: nothing, look: nothing, raiseHand: nothing, talk: nothing, computeCode: nothing, govern: nothing, copyLink: () => Promise.resolve(), leave: nothing, rejoin: nothing, home: nothing,
};

const info: ServerInfo = {
  operator: "Harbour Law Office, Tallinn",
  location: "Tallinn, Estonia",
  contact: "it@harbour.example",
  starters: "anyone",
  protocol: 1,
  keeps: [
    { what: "Messages, sealed.", why: "So that people who were away can catch up.", until: "The day after the meeting." },
    { what: "Mailboxes, sealed.", why: "So that somebody can be let in.", until: "Until they are read." },
    { what: "Hashes of invitations.", why: "To know who may start a meeting.", until: "Until they are used." },
  ],
};
const known: ServerAnswer = { state: "known", info };
const silent: ServerAnswer = { state: "known", info: { ...info, operator: "", location: "", contact: "", keeps: [] } };
const invited: ServerAnswer = { state: "known", info: { ...info, starters: "invited" } };

const door = (more: Partial<DoorView>): VNode => (
  <Door
    actions={doorActions}
    view={{ purpose: "join", server: known, local: localOff, unsupported: null, name: "", wayIn: "link", busy: false, failure: null, ...more }}
  />
);

function room(count: number, panel: Panel | null, more: Partial<MeetingView> = {}): VNode {
  const leaves = Array.from({ length: count }, (_, index) => index).slice(1);
  const view: MeetingView = { state: meetingOf(count), media: mediaOf(localOn(), leaves), outlook: plainOutlook, link, panel, unread: 0, notDone: false, ...more };
  return <MeetingRoom view={view} actions={meetingActions} />;
}

const guest = { ...meetingOf(4).me, host: false };
const lobby = [
  { account: "qqqq7xq2mfa4kzn3qb5rwtdle6vuciyo", name: "Bea Waits", since: 0 },
  { account: "rrrr7xq2mfa4kzn3qb5rwtdle6vuciyo", name: "<b>not bold</b> and a name that goes on for quite a while", since: 0 },
] as const;
const waited = { lobby, rules: { hosted: true, lobby: true, locked: false, revoked: false, until: null } };

function handsUp(count: number): MeetingState {
  const state = meetingOf(count);
  return { ...state, people: state.people.map((each, index) => (index < 3 ? { ...each, media: { ...each.media, hand: true } } : each)) };
}

const forked = { ...meetingOf(3).seal, alarms: [{ kind: "forked", detail: "Two receipts for position 12 name different heads." }] } as const;

const screens: Record<string, () => VNode> = {
  home: () => <Home view={{ server: known, invitation: "" }} actions={{ start: nothing, plan: nothing }} />,
  "home-invited": () => <Home view={{ server: invited, invitation: "" }} actions={{ start: nothing, plan: nothing }} />,
  door: () => door({}),
  "door-silent": () => door({ server: silent, purpose: "start", name: "Ada" }),
  "door-on": () => door({ local: localOn(), name: "Ada Lovelace" }),
  "door-denied": () => door({ local: localDenied, name: "Ada Lovelace" }),
  "door-unsupported": () => door({ unsupported: "no_encoded_transform" }),
  waiting: () => <WaitingRoom state={meetingOf(1, { phase: "waiting", waiting: "for-answer" })} onCancel={nothing} />,
  "waiting-nobody": () => <WaitingRoom state={meetingOf(1, { phase: "waiting", waiting: "nobody-there" })} onCancel={nothing} />,
  alone: () => room(1, null),
  two: () => room(2, null),
  four: () => room(4, null, { unread: 3 }),
  twelve: () => room(12, null),
  fifty: () => room(50, null),
  speaker: () => room(7, null, { outlook: { ...plainOutlook, arranging: "speaker" } }),
  pinned: () => room(12, null, { state: handsUp(12), outlook: { ...plainOutlook, pinned: person(2).account, hands: [person(2).account, person(0).account, person(1).account] } }),
  hands: () => room(7, "people", { state: handsUp(7), outlook: { ...plainOutlook, hands: [person(2).account, person(0).account, person(1).account] } }),
  weak: () => room(4, null, { media: { ...mediaOf(localOn(), [1, 2, 3]), quality: new Map([1, 2, 3].map((leaf) => [leaf, { grade: "poor", reasons: ["loss"] }])) } }),
  talking: () => room(2, null, { outlook: { ...plainOutlook, talking: true } }),
  keys: () => room(2, null, { outlook: { ...plainOutlook, helping: true } }),
  chat: () => room(4, "chat"),
  files: () => room(4, "chat", { state: meetingOf(4, filesOf()) }),
  long: () => room(3, "chat", { state: meetingOf(3, { messages: longConversation(5_000) }) }),
  people: () => room(7, "people", { state: meetingOf(7, { me: guest }) }),
  host: () => room(4, "people", { state: meetingOf(4, waited) }),
  "host-waiter": () => room(3, null, { state: meetingOf(3, { ...waited, lobby: [lobby[0]] }) }),
  asked: () => room(3, null, { notDone: true, state: meetingOf(3, { me: guest, asked: { what: "mute", by: "Ada", count: 1 } }) }),
  plan: () => <Plan actions={{ makeLink: () => Promise.resolve(link), go: nothing, home: nothing }} />,
  "door-start": () => door({ purpose: "start", name: "Ada" }),
  "waiting-host": () => <WaitingRoom state={meetingOf(1, { phase: "waiting", waiting: "for-answer", ...waited })} onCancel={nothing} />,
  kicked: () => <Ended phase="kicked" failure={null} onRejoin={null} onHome={nothing} />,
  ended: () => <Ended phase="ended" failure={null} onRejoin={nothing} onHome={nothing} />,
  locked: () => <Ended phase="failed" failure={{ kind: "locked", detail: "" }} onRejoin={nothing} onHome={nothing} />,
  seal: () => room(3, "seal"),
  alarm: () => room(3, "seal", { state: meetingOf(3, { seal: forked }) }),
  away: () => room(4, null, { state: meetingOf(4, { connection: "away" }) }),
  left: () => <Ended phase="left" failure={null} onRejoin={nothing} onHome={nothing} />,
  removed: () => <Ended phase="removed" failure={null} onRejoin={nothing} onHome={nothing} />,
  "bad-link": () => <Ended phase="failed" failure={{ kind: "bad-link", detail: "" }} onRejoin={null} onHome={nothing} />,
  unreached: () => <Unreached language={language()} />,
  insecure: () => <Stopped reason="insecure" onRenew={nothing} />,
  "too-old": () => <Stopped reason="keys" onRenew={nothing} />,
  outdated: () => <Stopped reason="outdated" onRenew={nothing} />,
  "not-found": () => <Ended phase="not-found" failure={null} onRejoin={null} onHome={nothing} />,
};

const root = document.getElementById("app");
const query = new URLSearchParams(location.search);
const name = query.get("screen");
await changeLanguage(choose(query.get("language") ?? "", []));
// No language here runs from right to left yet; the screens are ready for one.
if (query.get("dir") === "rtl") document.documentElement.dir = "rtl";
const chosen = name === null ? undefined : screens[name];
if (root !== null) {
  render(
    chosen === undefined
      ? <main><h1>Gallery</h1><ul>{Object.keys(screens).map((each) => <li key={each}><a href={`?screen=${each}`}>{each}</a></li>)}</ul></main>
      : chosen(),
    root,
  );
}
