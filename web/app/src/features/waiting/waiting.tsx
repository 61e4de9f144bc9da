/** Between the door and the room. */

import type { VNode } from "preact";
import type { MeetingState } from "@segel/client/state";
import { Spinner } from "../../primitives/controls.js";
import { TopLine } from "../../primitives/languages.js";
import { Title } from "../../primitives/title.js";
import { strings } from "../../strings/index.js";

const words = strings.waiting;

function saying(state: MeetingState): readonly [string, string] {
  if (state.connection === "away") return [words.gone, words.goneText];
  if (state.waiting === "nobody-there" && state.rules.hosted) return [words.notBegun, words.notBegunText];
  if (state.waiting === "for-answer" && state.rules.lobby) return [words.host, words.hostText];
  if (state.waiting === "nobody-there") return [words.nobody, words.nobodyText];
  if (state.waiting === "for-answer") return [words.answer, words.answerText];
  return [words.connecting, words.connectingText];
}

interface WaitingProps {
  readonly state: MeetingState;
  /** Ask a server that does not answer at once, and not when its turn comes. */
  readonly onRetry: () => void;
  readonly onCancel: () => void;
}

export function WaitingRoom({ state, onRetry, onCancel }: WaitingProps): VNode {
  const [title, text] = saying(state);
  return (
    <main class="middle" data-testid="phase" data-phase={state.phase}>
      <TopLine />
      <div class="middle-card card">
        <div class="middle-text" role="status">
          <Spinner />
          <Title>{title}</Title>
          <p class="soft">{text}</p>
        </div>
        <div class="ways-row">
          {state.connection === "away"
            ? <button type="button" class="button primary" data-testid="retry" onClick={onRetry}>{words.retry}</button>
            : null}
          <button type="button" class="button outline" data-testid="leave" onClick={onCancel}>{words.cancel}</button>
        </div>
      </div>
    </main>
  );
}
