/** Which screen is shown; each draws a view and calls actions. */

import { useSignal, useSignalEffect } from "@preact/signals";
import type { FunctionComponent, VNode } from "preact";
import { Door } from "./features/door/door.js";
import { Ended } from "./features/ended/ended.js";
import { Home } from "./features/home/home.js";
import type { KeepsPage } from "./features/keeps/keeps.js";
import type { MeetingRoom } from "./features/meeting/meeting.js";
import { Stopped, type Reason } from "./features/stopped/stopped.js";
import { Plan } from "./features/plan/plan.js";
import { WaitingRoom } from "./features/waiting/waiting.js";
import type { Actions } from "./state/actions.js";
import { remedyOf } from "./state/failure.js";
import { PROTOCOL } from "./state/server.js";
import type { Session } from "./state/session.js";
import { renew } from "./state/shell.js";
import type { MeetingActions, MeetingView } from "./view.js";

interface AppProps {
  readonly session: Session;
  readonly actions: Actions;
  /** Fetches what only a meeting needs; called at the door. */
  readonly loadRoom: () => Promise<typeof MeetingRoom>;
}

export function App({ session, actions, loadRoom }: AppProps): VNode {
  const said = session.said.value;
  return (
    <>
      {screen({ session, actions, loadRoom })}
      <p class="visually-hidden" role="status" aria-live="polite"><span key={said.count}>{said.text}</span></p>
    </>
  );
}

function screen({ session, actions, loadRoom }: AppProps): VNode | null {
  const place = session.place.value;
  const door = session.door.value;
  const room = session.room.value;
  const reason = stopped(session);
  if (reason !== null) return <Stopped reason={reason} onRenew={() => { renew().catch(() => undefined); }} />;
  if (place.at === "home") return <Home view={{ server: session.server.value, invitation: place.invitation }} actions={actions.home} />;
  if (place.at === "plan") return <Plan actions={actions.plan} />;
  if (place.at === "keeps") return <Keeps onHome={actions.meeting.home} />;
  const { rejoin, home } = actions.meeting;
  if (place.at === "bad-link") return <Ended phase="failed" failure={{ kind: "bad-link", detail: "" }} onRejoin={rejoin} onHome={home} />;
  if (place.at === "not-found") return <Ended phase="not-found" failure={null} onRejoin={rejoin} onHome={home} />;
  // What trying again does not help against is no door any more.
  if (door?.failure && remedyOf(door.failure) === null) return <Ended phase="failed" failure={door.failure} onRejoin={rejoin} onHome={home} />;
  if (door !== null) return <Door view={door} actions={actions.door} />;
  return room === null ? null : <InMeeting view={room} actions={actions.meeting} loadRoom={loadRoom} />;
}

/** The page that few people open is fetched when it is. */
function Keeps({ onHome }: { onHome: () => void }): VNode | null {
  const Page = useSignal<typeof KeepsPage | null>(null);
  useSignalEffect(() => {
    import("./features/keeps/keeps.js").then((loaded) => { Page.value = loaded.KeepsPage; }, () => location.reload());
  });
  return Page.value === null ? null : <Page.value onHome={onHome} />;
}

/** What keeps this page from going on at all. A meeting that is connected goes on. */
function stopped(session: Session): Reason | null {
  if (session.place.value.at === "meeting" && session.meeting.value?.connection !== "away") return null;
  const server = session.server.value;
  return session.lack.value ?? (server.state === "known" && server.info.protocol !== PROTOCOL ? "outdated" : null);
}

interface InMeetingProps {
  readonly view: MeetingView;
  readonly actions: MeetingActions;
  readonly loadRoom: AppProps["loadRoom"];
}

function InMeeting({ view, actions, loadRoom }: InMeetingProps): VNode | null {
  const { phase, error } = view.state;
  switch (phase) {
    case "connecting":
    case "waiting":
      return <WaitingRoom state={view.state} onRetry={actions.reconnect} onCancel={actions.cancel} />;
    case "left":
    case "removed":
    case "replaced":
    case "failed":
    case "kicked":
    case "ended":
      return <Ended phase={phase} failure={error} onRejoin={actions.rejoin} onHome={actions.home} />;
    case "inside":
      return <Inside view={view} actions={actions} loadRoom={loadRoom} />;
  }
}

function Inside({ view, actions, loadRoom }: InMeetingProps): VNode | null {
  const Room = useSignal<FunctionComponent<{ view: MeetingView; actions: MeetingActions }> | null>(null);
  useSignalEffect(() => {
    loadRoom().then((loaded) => { Room.value = loaded; }, () => location.reload());
  });
  return Room.value === null ? null : <Room.value view={view} actions={actions} />;
}
