/** Why this page cannot go on as it is: the browser lacks something, or the server is newer than the page. */

import type { VNode } from "preact";
import { TopLine } from "../../primitives/languages.js";
import { Title } from "../../primitives/title.js";
import type { Lack } from "../../state/browser.js";
import { strings } from "../../strings/index.js";

const words = strings.stopped;

export type Reason = Lack | "outdated";

export function Stopped({ reason, onRenew }: { reason: Reason; onRenew: () => void }): VNode {
  const { title, text } = words[reason];
  return (
    <main class="middle" data-testid="phase" data-phase={reason}>
      <TopLine />
      <div class="middle-card card">
        <div class="middle-text" role="alert">
          <Title>{title}</Title>
          <p class="soft">{text}</p>
        </div>
        {reason === "outdated" ? (
          <div class="ways-row">
            <button type="button" class="button primary" data-testid="renew" onClick={onRenew}>{words.renew}</button>
          </div>
        ) : null}
      </div>
    </main>
  );
}
