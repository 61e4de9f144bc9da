/** One calm line at the top when something is on its way back. */

import type { VNode } from "preact";
import { Notice, Spinner } from "../../primitives/controls.js";
import { InfoIcon, MicrophoneIcon, PoorIcon } from "../../primitives/icons.js";
import { strings } from "../../strings/index.js";
import type { MeetingView } from "../../view.js";
import { isOwnLinkPoor } from "./own-link.js";

const words = strings.banner;

interface BannerProps {
  readonly view: MeetingView;
  readonly onSeal: () => void;
  /** Share no longer, or pass over why nothing is shared. */
  readonly onStop: () => void;
}

export function Banner({ view, onSeal, onStop }: BannerProps): VNode | null {
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
  if (view.outlook.talking) return <div class="banner calm talking" role="status" data-testid="talking"><MicrophoneIcon size={20} /> {strings.meeting.talking}</div>;
  const { state: sharing, problem } = view.media.local.screen;
  if (text === null && sharing !== "on" && problem === null && isOwnLinkPoor(view.media.quality)) {
    return <div class="banner calm" role="status" data-testid="own-link"><PoorIcon size={20} /> {words.weak}</div>;
  }
  if (text === null) return <Sharing view={view} onStop={onStop} />;
  const waits = view.state.connection !== "online" || view.media.unsupported === null;
  return <div class="banner calm" role="status" data-testid="banner">{waits ? <Spinner /> : <InfoIcon size={20} />} {text}</div>;
}

/** That one's own screen is seen by the others, or why it is not. */
function Sharing({ view, onStop }: Omit<BannerProps, "onSeal">): VNode | null {
  const { state, problem, sound } = view.media.local.screen;
  if (problem !== null) {
    return (
      <div class="banner">
        <Notice look="warn" title={strings.devices.screenProblems[problem].title} testid="banner">
          <p>{strings.devices.screenProblems[problem].text}</p>
          <button type="button" class="button plain" onClick={onStop}>{strings.meeting.close}</button>
        </Notice>
      </div>
    );
  }
  if (state !== "on") return null;
  return (
    <div class="banner calm" role="status" data-testid="sharing">
      {sound ? words.sharingSound : words.sharing}
      <button type="button" class="button plain" data-testid="stop-sharing" onClick={onStop}>{strings.meeting.stopSharing}</button>
    </div>
  );
}

function mediaSaying({ media }: MeetingView): string | null {
  if (media.unsupported !== null) return strings.devices.unsupported[media.unsupported].title;
  return media.connection === "lost" ? words.media : null;
}
