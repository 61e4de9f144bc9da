/** The person's own devices at the door: asked for only when they press the button. */

import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import type { LocalState } from "@segel/media/state";
import { Notice, Round } from "../../primitives/controls.js";
import { useLostFocus } from "../../primitives/focus.js";
import { CameraIcon, CameraOffIcon, MicrophoneIcon, MicrophoneOffIcon } from "../../primitives/icons.js";
import { Picture } from "../../primitives/media.js";
import { strings } from "../../strings/index.js";
import type { DoorActions } from "../../view.js";
import { DeviceChoices } from "../meeting/device-choices.js";

/** Whether the browser was asked for any device, with whatever outcome. */
export function asked(local: LocalState): boolean {
  const { microphone, camera } = local;
  return microphone.state !== "off" || camera.state !== "off" || microphone.problem !== null || camera.problem !== null;
}

export function Preview({ local, actions }: { local: LocalState; actions: DoorActions }): VNode {
  const { camera, microphone } = local;
  const problem = microphone.problem ?? camera.problem;
  return (
    <div class="preview-block">
      <div class={asked(local) ? "preview" : "preview idle"}>
        {camera.picture === null
          ? <p class="soft">{asked(local) ? strings.door.previewNoCamera : strings.door.previewOff}</p>
          : <Picture stream={camera.picture} mirrored testid="preview" label={strings.door.preview} />}
        {asked(local)
          ? <DeviceSwitches local={local} actions={actions} />
          : <button type="button" class="button" data-testid="use-devices" onClick={actions.useDevices}>{strings.door.useDevices}</button>}
      </div>
      {problem === null ? null : (
        <Notice look="warn" title={strings.devices.problems[problem].title}>
          <p>{strings.devices.problems[problem].text}</p>
          <button type="button" class="button plain" data-testid="devices-again" onClick={actions.useDevices}>{strings.door.tryAgain}</button>
        </Notice>
      )}
      {asked(local) && problem === null ? <DeviceChoices local={local} actions={actions} kinds={["microphone", "camera"]} /> : null}
    </div>
  );
}

function DeviceSwitches({ local, actions }: { local: LocalState; actions: DoorActions }): VNode {
  const mic = local.microphone.state === "on";
  const cam = local.camera.state !== "off";
  // The button that asked for the devices made way for these.
  const first = useRef<HTMLButtonElement>(null);
  useLostFocus(first);
  return (
    <div class="preview-switches">
      <Round
        label={mic ? strings.devices.muteOn : strings.devices.muteOff}
        testid="door-mic"
        buttonRef={first}
        look={mic ? "" : "off"}
        onPress={() => actions.setMicrophone(!mic)}
      >
        {mic ? <MicrophoneIcon /> : <MicrophoneOffIcon />}
      </Round>
      <Round
        label={cam ? strings.devices.cameraOn : strings.devices.cameraOff}
        testid="door-camera"
        look={cam ? "" : "off"}
        onPress={() => actions.setCamera(!cam)}
      >
        {cam ? <CameraIcon /> : <CameraOffIcon />}
      </Round>
      {mic ? <meter class="level" min={0} max={1} value={local.microphone.level} aria-label={strings.devices.microphone} /> : null}
    </div>
  );
}
