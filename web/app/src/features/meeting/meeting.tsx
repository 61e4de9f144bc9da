/** The room: stage, controls and one panel at a time. */

import { useSignal, type Signal } from "@preact/signals";
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { Title } from "../../primitives/title.js";
import { strings } from "../../strings/index.js";
import type { MeetingActions, MeetingView } from "../../view.js";
import { Chat } from "../chat/chat.js";
import { nothingWritten, type Draft } from "../chat/composer.js";
import { HostLines } from "../hosting/lines.js";
import { DropPlace } from "../chat/giving.js";
import { PeoplePanel } from "../people/people.js";
import { SealPanel } from "../seal/seal.js";
import { Banner } from "./banner.js";
import { ControlBar } from "./control-bar.js";
import { Header } from "./header.js";
import { Invite } from "./invite.js";
import { Keys } from "./keys.js";
import { Stage } from "./stage.js";

export function MeetingRoom({ view, actions }: { view: MeetingView; actions: MeetingActions }): VNode {
  const draft = useSignal(nothingWritten);
  const alone = view.state.people.length < 2;
  // Loudness changes many times a second; what is written does not.
  const panel = useMemo(() => <OpenPanel view={view} draft={draft} actions={actions} />, [view.panel, view.state, view.outlook.hands]);
  return (
    <main class="meeting" data-testid="phase" data-phase="inside" data-panel={view.panel ?? "none"}>
      <Title hidden>{strings.meeting.title}</Title>
      <Header view={view} actions={actions} />
      <div class="banners">
        <Banner view={view} onSeal={() => actions.open("seal")} onStop={() => actions.shareScreen(false)} />
        <HostLines view={view} actions={actions} />
      </div>
      <div class="room">
        <div class={alone ? "stage-area alone" : "stage-area"}>
          <Stage view={view} actions={actions} />
          {alone ? <Invite link={view.link} actions={actions} /> : null}
        </div>
        {panel}
      </div>
      <DropPlace onFiles={(files) => { actions.open("chat"); actions.files.give(files); }} />
      <ControlBar view={view} actions={actions} />
      {view.outlook.helping ? <Keys outlook={view.outlook} onLook={actions.look} /> : null}
    </main>
  );
}

function OpenPanel({ view, draft, actions }: { view: MeetingView; draft: Signal<Draft>; actions: MeetingActions }): VNode | null {
  const close = (): void => actions.open(null);
  switch (view.panel) {
    case "chat":
      return <Chat messages={view.state.messages} transfers={view.state.transfers} draft={draft} actions={actions} onClose={close} />;
    case "people":
      return <PeoplePanel state={view.state} hands={view.outlook.hands} actions={actions} onClose={close} />;
    case "seal":
      return <SealPanel seal={view.state.seal} count={view.state.people.length} onCode={actions.computeCode} onClose={close} />;
    case null:
      return null;
  }
}
