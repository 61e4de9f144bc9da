/** The end of a way for this person: left, removed, unable to go on, or at an address where nothing is. */

import type { VNode } from "preact";
import type { Failure, Phase } from "@segel/client/state";
import { TopLine } from "../../primitives/languages.js";
import { Title } from "../../primitives/title.js";
import { remedyOf, tellingDetail } from "../../state/failure.js";
import { strings } from "../../strings/index.js";

const words = strings.ended;

interface EndedProps {
  readonly phase: Extract<Phase, "left" | "removed" | "replaced" | "kicked" | "ended" | "failed"> | "not-found";
  /** Set where the phase is `failed`. */
  readonly failure: Failure | null;
  readonly onRejoin: () => void;
  readonly onHome: () => void;
}

function saying({ phase, failure }: EndedProps): { title: string; text: string } {
  switch (phase) {
    case "left":
      return { title: words.left, text: words.leftText };
    case "removed":
      return { title: words.removed, text: words.removedText };
    case "replaced":
      return { title: words.replaced, text: words.replacedText };
    case "kicked":
      return { title: words.kicked, text: words.kickedText };
    case "ended":
      return { title: words.endedForAll, text: words.endedForAllText };
    case "not-found":
      return words.notFound;
    case "failed":
      return words.failures[failure?.kind ?? "internal"];
  }
}

/** What the way back is called; null where there is none. */
function wayBack({ phase, failure }: EndedProps): string | null {
  if (phase === "kicked" || phase === "not-found") return null;
  if (phase === "replaced") return words.here;
  const remedy = failure === null ? "knock" : remedyOf(failure);
  if (remedy === null) return null;
  return remedy === "knock" ? words.rejoin : words.again;
}

export function Ended(props: EndedProps): VNode {
  const { title, text } = saying(props);
  const back = wayBack(props);
  const detail = props.failure === null ? "" : tellingDetail(props.failure);
  return (
    <main class="middle" data-testid="phase" data-phase={props.phase}>
      <TopLine />
      <div class="middle-card card" data-testid="saying">
        <div class="middle-text" role="alert">
          <Title>{title}</Title>
          <p class="soft">{text}</p>
          {detail === "" ? null : <p class="soft small" lang="en">{detail}</p>}
        </div>
        <div class="ways-row">
          {back === null ? null : <button type="button" class="button primary" data-testid="rejoin" onClick={props.onRejoin}>{back}</button>}
          <button type="button" class={back === null ? "button primary" : "button outline"} data-testid="home" onClick={props.onHome}>{words.home}</button>
        </div>
      </div>
    </main>
  );
}
