/** What a person does most: speak, be seen, write, look who is there, leave. */

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Notice, Round } from "../../primitives/controls.js";
import {
  CameraIcon, CameraOffIcon, ChatIcon, DevicesIcon, GridIcon, HandIcon, LeaveIcon, MicrophoneIcon, MicrophoneOffIcon, PeopleIcon, ScreenIcon,
  SpeakerViewIcon,
} from "../../primitives/icons.js";
import { LanguagePicker } from "../../primitives/languages.js";
import { isLarge, turned } from "../../state/outlook.js";
import { strings } from "../../strings/index.js";
import type { MeetingActions, MeetingView, Panel } from "../../view.js";
import { asksOnLeaving, Leaving } from "../hosting/leaving.js";
import { DeviceChoices } from "./device-choices.js";
import { useHold } from "./hold.js";

const words = strings.meeting;

export function ControlBar({ view, actions }: { view: MeetingView; actions: MeetingActions }): VNode {
  const [choosing, setChoosing] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const toggle = (panel: Panel): void => actions.open(view.panel === panel ? null : panel);
  const chatLabel = view.unread === 0 ? words.chat : words.chatUnread(view.unread);
  return (
    <div class="bar" role="toolbar" aria-label={words.controls}>
      {choosing ? <DevicesMenu view={view} actions={actions} onClose={() => setChoosing(false)} /> : null}
      {view.media.unsupported === null
        ? <OwnDevices view={view} actions={actions} choosing={choosing} onChoose={() => setChoosing(!choosing)} />
        : null}
      <Ways view={view} actions={actions} />
      <Round label={chatLabel} testid="chat-toggle" shortcut="C" expanded={view.panel === "chat"} onPress={() => toggle("chat")}>
        <ChatIcon />
        {view.unread === 0 ? null : <span class="badge" aria-hidden="true">{view.unread > 99 ? "99+" : view.unread}</span>}
      </Round>
      <Round label={words.people(view.state.people.length)} testid="people-toggle" shortcut="P" expanded={view.panel === "people"} onPress={() => toggle("people")}>
        <PeopleIcon />
        <span class="badge calm" aria-hidden="true">{view.state.people.length}</span>
      </Round>
      <Round label={words.leave} testid="leave" look="danger" onPress={() => (asksOnLeaving(view) ? setLeaving(true) : actions.leave())}><LeaveIcon /></Round>
      {leaving ? <Leaving view={view} actions={actions} onClose={() => setLeaving(false)} /> : null}
    </div>
  );
}

interface OwnDevicesProps {
  readonly view: MeetingView;
  readonly actions: MeetingActions;
  readonly choosing: boolean;
  readonly onChoose: () => void;
}

/** One's hand, and how one looks at the others: in the bar of a wide window, in the menu of a narrow one. */
function Ways({ view, actions }: { view: MeetingView; actions: MeetingActions }): VNode {
  const up = view.state.me.media.hand;
  const large = isLarge(view.outlook, sharesScreen(view));
  return (
    <>
      <Round label={up ? words.lowerHand : words.raiseHand} testid="hand" shortcut="H" look={up ? "active wide-only" : "wide-only"} onPress={() => actions.raiseHand(!up)}>
        <HandIcon />
      </Round>
      <Round label={large ? words.gridView : words.speakerView} testid="view" shortcut="G" look="wide-only" onPress={() => actions.look(turned(view.outlook, sharesScreen(view)))}>
        {large ? <GridIcon /> : <SpeakerViewIcon />}
      </Round>
    </>
  );
}

function sharesScreen({ media }: MeetingView): boolean {
  return media.streams.some(({ kind }) => kind === "screen");
}

function OwnDevices({ view, actions, choosing, onChoose }: OwnDevicesProps): VNode {
  const { microphone, camera, screen } = view.media.local;
  const mic = microphone.state === "on";
  const cam = camera.state !== "off";
  const sharing = screen.state === "on";
  const { talking } = view.outlook;
  const button = useHold(microphone.state === "muted" || talking, actions.talk);
  return (
    <>
      <Round
        label={mic ? strings.devices.muteOn : strings.devices.muteOff}
        testid="mic" shortcut="M" look={talking ? "talking" : mic ? "" : "off"} buttonRef={button}
        onPress={() => actions.setMicrophone(!mic)}
      >
        {mic ? <MicrophoneIcon /> : <MicrophoneOffIcon />}
      </Round>
      <Round
        label={cam ? strings.devices.cameraOn : strings.devices.cameraOff}
        testid="camera" shortcut="V" look={cam ? "" : "off"}
        onPress={() => actions.setCamera(!cam)}
      >
        {cam ? <CameraIcon /> : <CameraOffIcon />}
      </Round>
      <Round
        label={sharing ? words.stopSharing : words.share}
        testid="share" shortcut="S" look={sharing ? "active" : ""}
        onPress={() => actions.shareScreen(!sharing)}
      >
        <ScreenIcon />
      </Round>
      <Round label={words.devices} testid="devices" expanded={choosing} onPress={onChoose}><DevicesIcon /></Round>
    </>
  );
}

/** Closes by Escape, or by a press elsewhere. */
function DevicesMenu({ view, actions, onClose }: { view: MeetingView; actions: MeetingActions; onClose: () => void }): VNode {
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    menu.current?.querySelector("select")?.focus();
    const onPress = ({ target }: PointerEvent): void => {
      const toggle = target instanceof Element && target.closest("[data-testid=devices]") !== null;
      const inside = target instanceof Node && menu.current?.contains(target) === true;
      if (!toggle && !inside) onClose();
    };
    document.addEventListener("pointerdown", onPress);
    return () => document.removeEventListener("pointerdown", onPress);
  }, []);
  const { local } = view.media;
  const problem = local.microphone.problem ?? local.camera.problem;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    document.querySelector<HTMLElement>("[data-testid=devices]")?.focus();
    onClose();
  };
  return (
    <div class="menu" ref={menu} role="group" aria-label={strings.devices.title} data-testid="devices-menu" onKeyDown={onKeyDown}>
      {problem === null ? null : (
        <Notice look="warn" title={strings.devices.problems[problem].title}>{strings.devices.problems[problem].text}</Notice>
      )}
      <MenuWays view={view} actions={actions} onDone={onClose} />
      <DeviceChoices local={local} actions={actions} kinds={["microphone", "camera", "speaker"]} />
      <LanguagePicker />
      <button type="button" class="button" data-testid="keys-open" onClick={() => { onClose(); actions.look({ helping: true }); }}>{strings.keys.title}</button>
    </div>
  );
}

/** The same as `Ways`, in words, where the bar has no room for them. */
function MenuWays({ view, actions, onDone }: { view: MeetingView; actions: MeetingActions; onDone: () => void }): VNode {
  const up = view.state.me.media.hand;
  const large = isLarge(view.outlook, sharesScreen(view));
  const then = (work: () => void) => (): void => {
    work();
    onDone();
  };
  return (
    <div class="menu-ways narrow-only">
      <button type="button" class="button" data-testid="menu-hand" onClick={then(() => actions.raiseHand(!up))}>
        <HandIcon size={20} /> {up ? words.lowerHand : words.raiseHand}
      </button>
      <button type="button" class="button" data-testid="menu-view" onClick={then(() => actions.look(turned(view.outlook, sharesScreen(view))))}>
        {large ? <GridIcon size={20} /> : <SpeakerViewIcon size={20} />} {large ? words.gridView : words.speakerView}
      </button>
    </div>
  );
}
