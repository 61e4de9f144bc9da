/** Every screen in every state, from fixtures. */

import type { VNode } from "preact";
import type { Failure } from "@segel/client/state";
import { Door } from "../src/features/door/door.js";
import { Ended } from "../src/features/ended/ended.js";
import { Home } from "../src/features/home/home.js";
import { MeetingRoom } from "../src/features/meeting/meeting.js";
import { Plan } from "../src/features/plan/plan.js";
import { Stopped } from "../src/features/stopped/stopped.js";
import { Unreached } from "../src/features/stopped/unreached.js";
import { WaitingRoom } from "../src/features/waiting/waiting.js";
import { localDenied, localOff, localOn, localWith, mediaOf } from "../src/fixtures/media.js";
import { filesOf, link, longConversation, meetingOf, person } from "../src/fixtures/meeting.js";
import { doorActions, info, meetingActions, nothing } from "../src/fixtures/page.js";
import { plainOutlook } from "../src/state/outlook.js";
import { update } from "../src/state/shell.js";
import { FAILURES } from "../src/state/failure.js";
import { language } from "../src/strings/index.js";
import type { DoorView, MeetingView, Panel, ServerAnswer } from "../src/view.js";

/** A screen, and what is pressed on it before it is looked at: `data-testid`s. */
export interface Screen {
  readonly draw: () => VNode;
  readonly press?: readonly string[];
  /** So large that only the test that measures it draws it. */
  readonly measured?: boolean;
}

const known: ServerAnswer = { state: "known", info };
const gone: ServerAnswer = { state: "gone" };
const silent: ServerAnswer = { state: "known", info: { ...info, operator: "", location: "", contact: "", keeps: [] } };
const invited: ServerAnswer = { state: "known", info: { ...info, starters: "invited" } };

function home(server: ServerAnswer): VNode {
  return <Home view={{ server, invitation: "" }} actions={{ start: nothing, plan: nothing }} />;
}

function door(more: Partial<DoorView>): VNode {
  const view: DoorView = { purpose: "join", server: known, local: localOff, unsupported: null, name: "", wayIn: "link", busy: false, failure: null, ...more };
  return <Door actions={doorActions} view={view} />;
}

type Meeting = Parameters<typeof meetingOf>[1];

function waiting(more: Meeting): VNode {
  return <WaitingRoom state={meetingOf(1, { phase: "waiting", ...more })} onRetry={nothing} onCancel={nothing} />;
}

function room(count: number, panel: Panel | null, state: Meeting = {}, more: Partial<MeetingView> = {}): VNode {
  const leaves = Array.from({ length: count }, (_, index) => index).slice(1);
  const view: MeetingView = { state: meetingOf(count, state), media: mediaOf(localOn(), leaves), outlook: plainOutlook, link, panel, unread: 0, notDone: false, ...more };
  return <MeetingRoom view={view} actions={meetingActions} />;
}

function ended(phase: Parameters<typeof Ended>[0]["phase"], failure: Failure | null = null): VNode {
  return <Ended phase={phase} failure={failure} onRejoin={nothing} onHome={nothing} />;
}

const guest = { ...meetingOf(4).me, host: false };
const lobby = [
  { account: "qqqq7xq2mfa4kzn3qb5rwtdle6vuciyo", name: "Bea Waits", since: 0 },
  { account: "rrrr7xq2mfa4kzn3qb5rwtdle6vuciyo", name: "<b>not bold</b> and a name that goes on for quite a while", since: 0 },
] as const;
const open = { hosted: true, lobby: false, locked: false, revoked: false, until: null } as const;
const waited = { lobby, rules: { ...open, lobby: true } };
const forked = { ...meetingOf(3).seal, alarms: [{ kind: "forked", detail: "Two receipts for position 12 name different heads." }] } as const;
const sharing = { ...localOn(), screen: { state: "on", problem: null, picture: null, sound: true } } as const;
const unshared = { ...localOn(), screen: { state: "off", problem: "refused", picture: null, sound: false } } as const;

const hands = [person(2).account, person(0).account, person(1).account];
const weak: MeetingView["media"] = { ...mediaOf(localOn(), [1, 2, 3]), quality: new Map([1, 2, 3].map((leaf) => [leaf, { grade: "poor", reasons: ["loss"] }])) };

function handsUp(count: number): Meeting {
  return { people: meetingOf(count).people.map((each, index) => (index < 3 ? { ...each, media: { ...each.media, hand: true } } : each)) };
}

const start: Record<string, Screen> = {
  home: { draw: () => home(known) },
  "home-invited": { draw: () => home(invited), press: ["start"] },
  "home-gone": { draw: () => home(gone) },
  "home-update": { draw: () => { update.value = "ready"; return home(known); } },
  plan: { draw: () => <Plan actions={{ makeLink: () => Promise.resolve(link), go: nothing, home: nothing }} /> },
  "plan-made": { draw: () => <Plan actions={{ makeLink: () => Promise.resolve(link), go: nothing, home: nothing }} />, press: ["make-link"] },
  insecure: { draw: () => <Stopped reason="insecure" onRenew={nothing} /> },
  "too-old": { draw: () => <Stopped reason="keys" onRenew={nothing} /> },
  outdated: { draw: () => <Stopped reason="outdated" onRenew={nothing} /> },
  unreached: { draw: () => <Unreached language={language()} /> },
  "not-found": { draw: () => ended("not-found") },
};

const atDoor: Record<string, Screen> = {
  door: { draw: () => door({}) },
  "door-asking": { draw: () => door({ server: { state: "asking" } }) },
  "door-gone": { draw: () => door({ server: gone }) },
  "door-silent": { draw: () => door({ server: silent, purpose: "start", name: "Ada" }) },
  "door-nameless": { draw: () => door({}), press: ["join-quiet"] },
  "door-start": { draw: () => door({ purpose: "start", name: "Ada" }), press: ["way-in-summary"] },
  "door-on": { draw: () => door({ local: localOn(), name: "Ada Lovelace" }) },
  "door-denied": { draw: () => door({ local: localDenied, name: "Ada Lovelace" }) },
  "door-none": { draw: () => door({ local: localWith("none"), name: "Ada Lovelace" }) },
  "door-device-busy": { draw: () => door({ local: localWith("busy"), name: "Ada Lovelace" }) },
  "door-unsupported": { draw: () => door({ unsupported: "no_encoded_transform" }) },
  "door-busy": { draw: () => door({ local: localOn(), name: "Ada Lovelace", busy: true }) },
  "door-failed": { draw: () => door({ name: "Ada Lovelace", failure: { kind: "server", detail: "" } }) },
  "waiting-connecting": { draw: () => waiting({ phase: "connecting", connection: "connecting" }) },
  "waiting-gone": { draw: () => waiting({ phase: "connecting", connection: "away" }) },
  "waiting-answer": { draw: () => waiting({ waiting: "for-answer", rules: { ...open, hosted: false } }) },
  "waiting-nobody": { draw: () => waiting({ waiting: "nobody-there", rules: { ...open, hosted: false } }) },
  "waiting-host": { draw: () => waiting({ waiting: "for-answer", rules: { ...open, lobby: true } }) },
  "waiting-not-begun": { draw: () => waiting({ waiting: "nobody-there" }) },
};

const inside: Record<string, Screen> = {
  alone: { draw: () => room(1, null) },
  two: { draw: () => room(2, null) },
  four: { draw: () => room(4, null, {}, { unread: 3 }) },
  twelve: { draw: () => room(12, null) },
  fifty: { draw: () => room(50, null) },
  speaker: { draw: () => room(7, null, {}, { outlook: { ...plainOutlook, arranging: "speaker" } }) },
  pinned: { draw: () => room(12, null, handsUp(12), { outlook: { ...plainOutlook, pinned: person(2).account, hands } }) },
  hands: { draw: () => room(7, "people", handsUp(7), { outlook: { ...plainOutlook, hands } }) },
  weak: { draw: () => room(4, null, {}, { media: weak }) },
  talking: { draw: () => room(2, null, {}, { outlook: { ...plainOutlook, talking: true } }) },
  keys: { draw: () => room(2, null, {}, { outlook: { ...plainOutlook, helping: true } }) },
  chat: { draw: () => room(4, "chat") },
  "chat-empty": { draw: () => room(4, "chat", { messages: [] }) },
  files: { draw: () => room(4, "chat", filesOf()) },
  long: { draw: () => room(3, "chat", { messages: longConversation(5_000) }) },
  people: { draw: () => room(7, "people", { me: guest }) },
  crowd: { measured: true, draw: () => room(64, "people", { lobby: Array.from({ length: 256 }, (_, index) => ({ ...lobby[0], account: `waiter${index}` })) }) },
  host: { draw: () => room(4, "people", waited) },
  "host-kick": { draw: () => room(4, "people"), press: ["person-actions", "kick"] },
  "host-revoke": { draw: () => room(4, "people"), press: ["revoke"] },
  "host-revoked": { draw: () => room(4, "people", { rules: { ...open, revoked: true } }) },
  "host-waiter": { draw: () => room(3, null, { ...waited, lobby: [lobby[0]] }) },
  "host-waiter-chat": { draw: () => room(3, "chat", waited) },
  "host-leaving": { draw: () => room(3, null), press: ["leave"] },
  asked: { draw: () => room(3, null, { me: guest, asked: { what: "mute", by: "Ada", count: 1 } }, { notDone: true }) },
  seal: { draw: () => room(3, "seal") },
  alarm: { draw: () => room(3, null, { seal: forked }) },
  "alarm-chat": { draw: () => room(3, "chat", { seal: forked }) },
  "alarm-seal": { draw: () => room(3, "seal", { seal: forked }) },
  away: { draw: () => room(4, null, { connection: "away" }) },
  "away-chat": { draw: () => room(4, "chat", { connection: "away" }) },
  devices: { draw: () => room(3, null), press: ["devices"] },
  "devices-denied": { draw: () => room(3, null, {}, { media: mediaOf(localDenied, [1, 2]) }), press: ["devices"] },
  unsupported: { draw: () => room(3, null, {}, { media: { ...mediaOf(localOff, []), unsupported: "no_encoded_transform" } }) },
  sharing: { draw: () => room(3, null, {}, { media: mediaOf(sharing, [1, 2]) }) },
  "share-refused": { draw: () => room(3, null, {}, { media: mediaOf(unshared, [1, 2]) }) },
};

const over: Record<string, Screen> = {};
for (const phase of ["left", "removed", "replaced", "kicked", "ended"] as const) over[phase] = { draw: () => ended(phase) };
for (const kind of FAILURES) over[`failed-${kind}`] = { draw: () => ended("failed", { kind, detail: "the server has no room left" }) };

export const screens: Readonly<Record<string, Screen>> = { ...start, ...atDoor, ...inside, ...over };
