/** The end of a way for this person: left, removed, unable to go on, or at an address where nothing is. */

import type { VNode } from "preact";
import type { Failure, Phase } from "@segel/client/state";
import { TopLine } from "../../primitives/languages.js";
import { needsAnother } from "../../state/failure.js";
import { strings } from "../../strings/index.js";

const words = strings.ended;

interface EndedProps {
  readonly phase: Extract<Phase, "left" | "removed" | "kicked" | "ended" | "failed"> | "not-found";
  readonly failure: Failure | null;
  /** Null where knocking again cannot help. */
  readonly onRejoin: (() => void) | null;
  readonly onHome: () => void;
}

function saying({ phase, failure }: EndedProps): { title: string; text: string } {
  if (phase === "left") return { title: words.left, text: words.leftText };
  if (phase === "removed") return { title: words.removed, text: words.removedText };
  if (phase === "kicked") return { title: words.kicked, text: words.kickedText };
  if (phase === "ended") return { title: words.endedForAll, text: words.endedForAllText };
  if (phase === "not-found") return words.notFound;
  return words.failures[failure?.kind ?? "internal"];
}

export function Ended(props: EndedProps): VNode {
  const { title, text } = saying(props);
  // Where the advice is all there is to do, what the machines said to each other only worries.
  const detail = props.failure === null || needsAnother(props.failure) ? "" : props.failure.detail;
  return (
    <main class="middle" data-testid="phase" data-phase={props.phase}>
      <TopLine />
      <div class="middle-card card" data-testid="saying">
        <div class="middle-text" role="alert">
          <h1>{title}</h1>
          <p class="soft">{text}</p>
          {detail === "" ? null : <p class="soft small">{detail}</p>}
        </div>
        <div class="ways-row">
          {props.onRejoin === null ? null : (
            <button type="button" class="button primary" data-testid="rejoin" onClick={props.onRejoin}>
              {props.phase === "failed" ? words.again : words.rejoin}
            </button>
          )}
          <button type="button" class={props.onRejoin === null ? "button primary" : "button outline"} data-testid="home" onClick={props.onHome}>{words.home}</button>
        </div>
      </div>
    </main>
  );
}
