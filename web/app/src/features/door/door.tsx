/** The door: what is behind it, who the person wants to be, and the way in. */

import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { Notice } from "../../primitives/controls.js";
import { TopLine } from "../../primitives/languages.js";
import { Title } from "../../primitives/title.js";
import { strings } from "../../strings/index.js";
import type { DoorActions, DoorView } from "../../view.js";
import { FoldedWayIn } from "../hosting/way-in.js";
import { asked, Preview } from "./preview.js";
import { ServerFacts } from "./server-facts.js";

const words = strings.door;
/** docs/protocol/meeting.md 2: a name has 1 to 64 characters. */
const NAME_LENGTH = 64;

export function Door({ view, actions }: { view: DoorView; actions: DoorActions }): VNode {
  const starting = view.purpose === "start";
  return (
    <main class="door" data-testid="phase" data-phase="door">
      <TopLine />
      <div class="door-body">
        <div class="door-facts">
          <Title id="door-title">{starting ? words.startTitle : words.joinTitle}</Title>
          <p class="lead soft">{starting ? words.startText : words.joinText}</p>
          <ServerFacts server={view.server} />
        </div>
        <Entrance view={view} actions={actions} />
      </div>
    </main>
  );
}

function Entrance({ view, actions }: { view: DoorView; actions: DoorActions }): VNode {
  const [name, setName] = useState(view.name);
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);

  const enter = (devices: boolean): void => {
    const chosen = name.trim();
    setMissing(chosen === "");
    if (chosen === "") field.current?.focus();
    else actions.enter(chosen, devices);
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    enter(view.unsupported === null);
  };

  return (
    <form class="card" onSubmit={submit} noValidate>
      {view.unsupported === null
        ? <Preview local={view.local} actions={actions} />
        : <Notice look="warn" title={strings.devices.unsupported[view.unsupported].title}>{strings.devices.unsupported[view.unsupported].text}</Notice>}
      {view.purpose === "start" ? <FoldedWayIn value={view.wayIn} onChoose={actions.chooseWayIn} /> : null}
      <div class="entry">
        <div class="field">
          <label for="name">{words.name}</label>
          <input
            id="name"
            ref={field}
            class="input"
            data-testid="name"
            autocomplete="name"
            maxLength={NAME_LENGTH}
            aria-describedby="name-hint"
            aria-invalid={missing}
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
          <span id="name-hint" class="hint" role={missing ? "alert" : undefined}>{missing ? words.nameMissing : words.nameHint}</span>
        </div>
        {view.failure === null ? null : (
          <Notice look="danger" title={strings.ended.failures[view.failure.kind].title}>{strings.ended.failures[view.failure.kind].text}</Notice>
        )}
        <Ways view={view} onQuiet={() => enter(false)} />
      </div>
    </form>
  );
}

function joinLabel(view: DoorView): string {
  if (view.busy) return words.busy;
  if (view.unsupported !== null) return words.textOnly;
  if (asked(view.local)) return view.purpose === "start" ? words.startIt : words.join;
  return view.purpose === "start" ? words.startWithDevices : words.joinWithDevices;
}

function Ways({ view, onQuiet }: { view: DoorView; onQuiet: () => void }): VNode {
  const quiet = view.unsupported === null && !asked(view.local);
  return (
    <div class="ways">
      <button type="submit" class="button primary wide" data-testid="join" disabled={view.busy}>{joinLabel(view)}</button>
      {quiet
        ? <button type="button" class="button plain wide" data-testid="join-quiet" disabled={view.busy} onClick={onQuiet}>{words.quiet}</button>
        : null}
    </div>
  );
}
