/** The heading of a screen. A new screen is heard from its beginning, and the keyboard starts there. */

import type { ComponentChildren, VNode } from "preact";
import { useRef } from "preact/hooks";
import { useLostFocus } from "./focus.js";

interface TitleProps {
  readonly id?: string;
  readonly hidden?: boolean;
  readonly children: ComponentChildren;
}

/** `hidden` from the eye only. */
export function Title({ id, hidden = false, children }: TitleProps): VNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useLostFocus(heading);
  return <h1 id={id} class={hidden ? "visually-hidden" : undefined} ref={heading} tabIndex={-1}>{children}</h1>;
}
