/** Shown while nobody else is here: the link, whole, to be sent. */

import type { VNode } from "preact";
import { strings } from "../../strings/index.js";
import type { MeetingActions } from "../../view.js";
import { CopyLink } from "./header.js";

const words = strings.meeting;

export function Invite({ link, actions }: { link: string; actions: MeetingActions }): VNode {
  return (
    <section class="invite card" aria-labelledby="invite-title">
      <h2 id="invite-title">{words.aloneTitle}</h2>
      <p class="soft">{words.aloneText}</p>
      <input
        class="input mono"
        data-testid="link"
        aria-label={words.linkLabel}
        dir="ltr"
        readOnly
        value={link}
        onFocus={(event) => event.currentTarget.select()}
      />
      <CopyLink actions={actions} look="button primary wide" testid="copy-link-large" />
    </section>
  );
}
