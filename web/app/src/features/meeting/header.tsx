/** The top of a meeting: that it is sealed, and the link to bring others in. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { AlarmIcon, CheckIcon, LinkIcon, Mark, SealIcon } from "../../primitives/icons.js";
import { strings } from "../../strings/index.js";
import type { MeetingActions, MeetingView } from "../../view.js";

const words = strings.meeting;
type Outcome = "none" | "copied" | "refused";

export function Header({ view, actions }: { view: MeetingView; actions: MeetingActions }): VNode {
  const alarmed = view.state.seal.alarms.length > 0;
  return (
    <header class="head">
      <span class="brand"><Mark size={26} /><span class="wide-only">{strings.product}</span></span>
      <button
        type="button"
        class={alarmed ? "button seal-chip alarmed" : "button seal-chip"}
        data-testid="seal-toggle"
        aria-expanded={view.panel === "seal"}
        onClick={() => actions.open(view.panel === "seal" ? null : "seal")}
      >
        {alarmed ? <AlarmIcon size={19} /> : <SealIcon size={19} />}
        {alarmed ? words.alarm : words.sealed}
      </button>
      <CopyLink actions={actions} look="button head-link" testid="copy-link" />
    </header>
  );
}

/** Copies the link, and says so until it is pressed again or left. */
export function CopyLink({ actions, look, testid }: { actions: MeetingActions; look: string; testid: string }): VNode {
  const [outcome, setOutcome] = useState<Outcome>("none");
  const label = { none: words.copyLink, copied: words.copied, refused: words.copyRefused }[outcome];
  const copy = (): void => {
    actions.copyLink().then(() => setOutcome("copied"), () => setOutcome("refused"));
  };
  return (
    <button type="button" class={look} data-testid={testid} onClick={copy} onBlur={() => setOutcome("none")}>
      {outcome === "copied" ? <CheckIcon size={19} /> : <LinkIcon size={19} />}
      <span aria-live="polite">{label}</span>
    </button>
  );
}
