/** A panel at the side of a wide window, and over all of a narrow one. */

import type { ComponentChildren, VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { strings } from "../strings/index.js";
import { Round } from "./controls.js";
import { CloseIcon } from "./icons.js";

interface PanelProps {
  readonly id: string;
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly foot?: ComponentChildren;
}

/** Takes the focus when it opens and gives it back to where it was when it closes. */
export function SidePanel({ id, title, onClose, children, foot }: PanelProps): VNode {
  const heading = useRef<HTMLHeadingElement>(null);
  // Before the next frame: what the panel covers is hidden then, and what is hidden loses the focus.
  useLayoutEffect(() => {
    const before = document.activeElement;
    heading.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [id]);
  return (
    <aside class="panel" id={id} aria-labelledby={`${id}-title`}>
      <header class="panel-head">
        <h2 id={`${id}-title`} ref={heading} tabIndex={-1}>{title}</h2>
        <Round label={strings.meeting.close} testid="panel-close" look="quiet small-round" tip="below end" onPress={onClose}>
          <CloseIcon />
        </Round>
      </header>
      {children}
      {foot}
    </aside>
  );
}
