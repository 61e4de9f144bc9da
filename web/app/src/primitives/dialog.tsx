/** A question that must be answered first: the browser's own dialog, which keeps the focus inside and closes by Escape. */

import type { ComponentChildren, VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface DialogProps {
  readonly title: string;
  readonly text: string;
  readonly testid: string;
  readonly onClose: () => void;
  /** The answers; the one that does no harm comes first, and has the focus. */
  readonly children: ComponentChildren;
}

/** Gives the focus back to where it was. */
export function Dialog({ title, text, testid, onClose, children }: DialogProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog class="dialog" ref={dialog} data-testid={testid} aria-labelledby={`${testid}-title`} aria-describedby={`${testid}-text`} onClose={onClose}>
      <h2 id={`${testid}-title`}>{title}</h2>
      <p id={`${testid}-text`} class="soft">{text}</p>
      <div class="dialog-answers">{children}</div>
    </dialog>
  );
}
