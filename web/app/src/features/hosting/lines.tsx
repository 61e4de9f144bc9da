/** What a host must see at once, and what a host did to us: calm lines over the stage. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Notice } from "../../primitives/controls.js";
import { strings } from "../../strings/index.js";
import type { MeetingActions, MeetingView } from "../../view.js";
import { WaitersLine } from "./waiters.js";

const words = strings.hosting;

export function HostLines({ view, actions }: { view: MeetingView; actions: MeetingActions }): VNode {
  const { me, lobby } = view.state;
  return (
    <>
      {me.host && view.panel !== "people" ? <WaitersLine waiters={lobby} actions={actions} onShow={() => actions.open("people")} /> : null}
      {view.notDone ? <div class="banner"><Notice look="warn" testid="not-done">{words.failed}</Notice></div> : null}
      <AskedLine view={view} />
    </>
  );
}

/** Until it was read. */
function AskedLine({ view }: { view: MeetingView }): VNode | null {
  const [read, setRead] = useState(0);
  const { asked } = view.state;
  if (asked === null || asked.count <= read) return null;
  return (
    <div class="banner calm" role="status" data-testid="asked">
      <span class="grow">{asked.what === "mute" ? words.asked(asked.by) : words.handLowered(asked.by)}</span>
      <button type="button" class="button plain" onClick={() => setRead(asked.count)}>{strings.meeting.close}</button>
    </div>
  );
}
