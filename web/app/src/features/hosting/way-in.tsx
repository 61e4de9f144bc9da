/** Who comes into a new meeting: one of three ways. */

import type { VNode } from "preact";
import { strings } from "../../strings/index.js";
import type { WayIn } from "../../view.js";

const words = strings.hosting;
const WAYS = ["link", "lobby", "equals"] as const satisfies readonly WayIn[];

export function WayInChoice({ value, onChoose }: { value: WayIn; onChoose: (way: WayIn) => void }): VNode {
  const hints: Record<WayIn, string> = { link: words.linkHint, lobby: words.lobbyHint, equals: words.equalsHint };
  return (
    <fieldset class="choice" data-testid="way-in">
      <legend>{words.who}</legend>
      {WAYS.map((way) => (
        <label key={way} class="choice-row">
          <input type="radio" name="way-in" value={way} data-testid={`way-${way}`} checked={value === way} onChange={() => onChoose(way)} />
          <span>
            {words[way]}
            <span class="choice-hint soft small">{hints[way]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** The same folded up, with what is chosen on it: most people need not decide. */
export function FoldedWayIn(props: { value: WayIn; onChoose: (way: WayIn) => void }): VNode {
  return (
    <details class="folded" data-testid="way-in-folded">
      <summary data-testid="way-in-summary">
        <span class="soft">{words.who}</span> <strong>{words[props.value]}</strong>
      </summary>
      <WayInChoice {...props} />
    </details>
  );
}
