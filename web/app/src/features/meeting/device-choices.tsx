/** Which microphone, camera and loudspeaker: the browser's own lists. */

import type { VNode } from "preact";
import type { DeviceList, LocalState } from "@segel/media/state";
import { strings } from "../../strings/index.js";
import type { DeviceActions, DeviceKind } from "../../view.js";

const words = strings.devices;

function listOf(local: LocalState, kind: DeviceKind): DeviceList {
  if (kind === "microphone") return local.microphones;
  return kind === "camera" ? local.cameras : local.speakers;
}

interface ChoicesProps {
  readonly local: LocalState;
  readonly actions: DeviceActions;
  readonly kinds: readonly DeviceKind[];
}

/** One list for each kind that has a choice. */
export function DeviceChoices({ local, actions, kinds }: ChoicesProps): VNode {
  return (
    <div class="choices">
      {kinds.map((kind) => <Choice key={kind} kind={kind} list={listOf(local, kind)} onChoose={(id) => actions.choose(kind, id)} />)}
    </div>
  );
}

function Choice({ kind, list, onChoose }: { kind: DeviceKind; list: DeviceList; onChoose: (id: string | null) => void }): VNode | null {
  if (list.all.length === 0) return null;
  return (
    <div class="field">
      <label for={`choose-${kind}`} class="small">{words[kind]}</label>
      <select
        id={`choose-${kind}`}
        class="select"
        data-testid={`choose-${kind}`}
        value={list.chosen ?? ""}
        onChange={(event) => onChoose(event.currentTarget.value === "" ? null : event.currentTarget.value)}
      >
        <option value="">{words.standard}</option>
        {list.all.map((device, index) => (
          <option key={device.id} value={device.id}>{device.label === "" ? words.unnamed(words[kind], index) : device.label}</option>
        ))}
      </select>
    </div>
  );
}
