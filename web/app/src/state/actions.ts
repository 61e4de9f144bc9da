/** What a person can do, from the screens to the engine. */

import type { Meeting } from "@segel/client/api";
import type { MeetingState } from "@segel/client/state";
import type { LocalState } from "@segel/media/state";
import type { DoorActions, HomeActions, MeetingActions, PlanActions } from "../view.js";
import { failureOf } from "./failure.js";
import { fileActions } from "./files.js";
import { rememberName } from "./memory.js";
import { RoomPresence } from "./presence.js";
import { turned } from "./outlook.js";
import type { Engine, Place, Session } from "./session.js";
import { commandOf } from "./shortcuts.js";
import { createTalk, listenForSpace } from "./talk.js";

export interface Actions {
  readonly home: HomeActions;
  readonly door: DoorActions;
  readonly meeting: MeetingActions;
  readonly plan: PlanActions;
}

function silent({ microphone, camera }: LocalState): boolean {
  return microphone.state === "off" && camera.state === "off";
}

/** `load` gives the engine, the same at every call, and may take a moment at the first. */
export function createActions(session: Session, load: () => Promise<Engine>): Actions {
  let current: { readonly meeting: Meeting; readonly presence: RoomPresence } | null = null;

  /** Runs what the person asked for; a failure is shown at the door. */
  const run = (work: (engine: Engine) => Promise<void>): void => {
    load().then(work).catch((error: unknown) => {
      session.busy.value = false;
      session.failure.value = failureOf(error);
    });
  };
  const inMeeting = (work: (meeting: Meeting) => Promise<unknown>): void => {
    // What goes wrong inside a meeting stands in the meeting's own state.
    if (current !== null) work(current.meeting).catch(() => undefined);
  };

  const goIn = async (engine: Engine, here: Extract<Place, { at: "door" }>, name: string): Promise<void> => {
    const { client } = engine;
    const starting = { name, door: session.wayIn.peek(), ...(here.invitation === "" ? {} : { invitation: here.invitation }) };
    const meeting = here.purpose === "start" ? await client.startMeeting(starting) : await client.joinMeeting(here.link, { name });
    // A reload comes back to the door of this meeting, once there is one.
    const stand = ({ phase }: MeetingState): void => {
      if (phase === "inside") history.replaceState(null, "", meeting.link);
    };
    stand(meeting.state);
    meeting.subscribe(stand);
    session.link.value = meeting.link;
    current = { meeting, presence: new RoomPresence(engine, meeting, session) };
    session.place.value = { at: "meeting" };
    session.busy.value = false;
  };

  const enter = (name: string, devices: boolean): void => {
    const here = session.place.peek();
    if (here.at !== "door" || session.busy.peek()) return;
    session.busy.value = true;
    session.failure.value = null;
    session.name.value = name;
    rememberName(name);
    run(async (engine) => {
      if (devices && silent(engine.local.state) && engine.local.state.microphone.problem === null) {
        await engine.local.useDevices({ microphone: true, camera: true });
        // Refused: the door says what to do about it, and lets in without as well.
        if (silent(engine.local.state)) {
          session.busy.value = false;
          return;
        }
      }
      await goIn(engine, here, name);
    });
  };

  const devices = {
    setMicrophone: (on: boolean): void => run(({ local }) => local.setMicrophone(on)),
    setCamera: (on: boolean): void => run(({ local }) => local.setCamera(on)),
    choose: (kind: "microphone" | "camera" | "speaker", id: string | null): void => run(({ local }) => local.choose(kind, id)),
  };
  const talk = createTalk({
    isMuted: () => session.local.peek().microphone.state === "muted",
    set: devices.setMicrophone,
    show: (talking) => session.look({ talking }),
  });
  const home = (): void => {
    current?.meeting.close();
    location.assign("/");
  };
  const meeting: MeetingActions = {
    ...devices,
    home,
    open: session.open,
    files: fileActions(() => current?.meeting ?? null),
    send: (text, replyTo) => inMeeting((each) => each.send(text, replyTo === null ? {} : { replyTo })),
    edit: (message, text) => inMeeting((each) => each.edit(message, text)),
    remove: (message) => inMeeting((each) => each.delete(message)),
    retry: (message) => inMeeting((each) => each.retry(message)),
    discard: (message) => inMeeting((each) => each.discard(message)),
    react: (message, sign, on) => inMeeting((each) => each.react(message, sign, on)),
    shareScreen: (on) => run(async ({ local }) => (on ? local.shareScreen() : local.stopSharing())),
    look: session.look,
    raiseHand: (hand) => current?.meeting.setMedia({ hand }),
    talk: (on) => (on ? talk.begin() : talk.end()),
    setVisible: (streams) => current?.presence.setVisible(streams),
    computeCode: () => inMeeting((each) => each.computeCode()),
    copyLink: async () => navigator.clipboard.writeText(session.link.peek()),
    govern: (act) => {
      session.notDone.value = false;
      current?.meeting.govern(act).catch(() => {
        session.notDone.value = true;
      });
    },
    leave: () => {
      // The goodbye may take its time; being seen and heard does not.
      current?.presence.hush();
      inMeeting((each) => each.leave());
    },
    cancel: () => {
      current?.meeting.close();
      location.reload();
    },
    reconnect: () => current?.meeting.rejoin(),
    // The door again: the same account knocks, so the others see the same person.
    rejoin: () => location.reload(),
  };

  window.addEventListener("keydown", (event) => {
    if (session.meeting.peek()?.phase === "inside") act(commandOf(event, session.outlook.peek().shortcuts), session, meeting);
  });
  listenForSpace(talk, () => session.meeting.peek()?.phase === "inside" && session.outlook.peek().shortcuts);
  window.addEventListener("pagehide", () => current?.meeting.close());
  // A page that the browser kept and shows again has left its meeting: it begins at the door.
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) location.reload();
  });

  return {
    home: {
      start: (invitation) => { session.place.value = { at: "door", purpose: "start", link: "", invitation }; },
      plan: () => { session.place.value = { at: "plan" }; },
    },
    door: { ...devices, enter, chooseWayIn: (way) => { session.wayIn.value = way; }, useDevices: () => run(({ local }) => local.useDevices({ microphone: true, camera: true })) },
    meeting,
    plan: {
      makeLink: async (door, until) => (await load()).client.makeLink({ door, until }),
      go: (link) => location.assign(link),
      home,
    },
  };
}

function act(command: ReturnType<typeof commandOf>, session: Session, actions: MeetingActions): void {
  const { microphone, camera } = session.local.peek();
  const panel = session.panel.peek();
  switch (command) {
    case "microphone":
      return actions.setMicrophone(microphone.state !== "on");
    case "camera":
      return actions.setCamera(camera.state === "off");
    case "hand":
      return actions.raiseHand(session.meeting.peek()?.me.media.hand !== true);
    case "share":
      return actions.shareScreen(session.local.peek().screen.state === "off");
    case "view":
      return actions.look(turned(session.outlook.peek(), session.media.peek()?.streams.some(({ kind }) => kind === "screen") ?? false));
    case "help":
      return actions.look({ helping: true });
    case "chat":
    case "people":
      return actions.open(panel === command ? null : command);
    case "close":
      return actions.open(null);
    case null:
      return undefined;
  }
}
