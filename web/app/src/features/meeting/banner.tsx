/** One calm line at the top when something is on its way back. */

import type { VNode } from "preact";
import { Notice, Spinner } from "../../primitives/controls.js";
import { strings } from "../../strings/index.js";
import type { MeetingView } from "../../view.js";

const words = strings.banner;

export function Banner({ view, onSeal }: { view: MeetingView; onSeal: () => void }): VNode | null {
  const alarm = view.state.seal.alarms.at(-1);
  // The open panel says it already, in full.
  if (alarm !== undefined && view.panel !== "seal") {
    const advice = strings.seal.alarms[alarm.kind];
    return (
      <div class="banner">
        <Notice look="danger" title={advice.title} testid="banner">
          <p>{advice.text}</p>
          <button type="button" class="button plain danger-text" onClick={onSeal}>{strings.seal.title}</button>
        </Notice>
      </div>
    );
  }
  const text = view.state.connection === "online" ? mediaSaying(view) : words.away;
  if (text === null) return null;
  return <div class="banner calm" role="status" data-testid="banner"><Spinner /> {text}</div>;
}

function mediaSaying({ media }: MeetingView): string | null {
  if (media.unsupported !== null) return strings.devices.unsupported[media.unsupported].title;
  return media.connection === "lost" ? words.media : null;
}
