/** Buttons, notices and small marks, each with a name that a screen reader says. */

import type { ComponentChildren, Ref, VNode } from "preact";
import { AlarmIcon, InfoIcon } from "./icons.js";

interface RoundProps {
  readonly label: string;
  readonly testid: string;
  readonly onPress: () => void;
  readonly children: ComponentChildren;
  /** Set for a switch: whether it is on. */
  readonly pressed?: boolean;
  /** Set for a control that opens something: whether that is open. */
  readonly expanded?: boolean;
  readonly shortcut?: string;
  readonly look?: string;
  readonly tip?: string;
  readonly buttonRef?: Ref<HTMLButtonElement>;
}

/** A round button with an icon, its name, and a tip with the key that does the same. */
export function Round(props: RoundProps): VNode {
  return (
    <button
      type="button"
      ref={props.buttonRef ?? null}
      class={`round ${props.look ?? ""}`}
      data-testid={props.testid}
      aria-label={props.label}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      aria-keyshortcuts={props.shortcut}
      onClick={props.onPress}
    >
      {props.children}
      <span class={`tip ${props.tip ?? ""}`} aria-hidden="true">
        {props.label}
        {props.shortcut === undefined ? null : <kbd>{props.shortcut}</kbd>}
      </span>
    </button>
  );
}

interface NoticeProps {
  readonly look?: "warn" | "danger";
  readonly title?: string;
  readonly children: ComponentChildren;
  readonly testid?: string;
}

/** A few words that matter now; a danger is announced at once. */
export function Notice({ look, title, children, testid }: NoticeProps): VNode {
  return (
    <div class={`notice ${look ?? ""}`} role={look === "danger" ? "alert" : "status"} data-testid={testid}>
      {look === undefined ? <InfoIcon size={20} /> : <AlarmIcon size={20} />}
      <div>
        {title === undefined ? null : <strong>{title}</strong>}
        {children}
      </div>
    </div>
  );
}

/** Something is going on whose end is not known. */
export function Spinner(): VNode {
  return <span class="spinner" aria-hidden="true" />;
}
