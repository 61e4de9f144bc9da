/** A button that can be pressed, and can be held. */

import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** A press that lasts longer, in milliseconds, is a holding. */
const HELD_AFTER = 350;

/** Calls `hold` when a holding begins and ends, while `allowed`; the click that ends it does nothing more. */
export function useHold(allowed: boolean, hold: (on: boolean) => void): RefObject<HTMLButtonElement | null> {
  const button = useRef<HTMLButtonElement>(null);
  const now = useRef({ allowed, hold });
  now.current = { allowed, hold };
  useEffect(() => {
    const element = button.current;
    if (element === null) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let held = false;
    const down = (event: PointerEvent): void => {
      if (!now.current.allowed || event.button !== 0) return;
      held = false;
      element.setPointerCapture(event.pointerId);
      timer = setTimeout(() => {
        held = true;
        now.current.hold(true);
      }, HELD_AFTER);
    };
    const up = (): void => {
      clearTimeout(timer);
      if (held) now.current.hold(false);
    };
    const click = (event: MouseEvent): void => {
      if (!held) return;
      held = false;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    const menu = (event: Event): void => event.preventDefault();
    element.addEventListener("pointerdown", down);
    element.addEventListener("pointerup", up);
    element.addEventListener("pointercancel", up);
    element.addEventListener("click", click, { capture: true });
    element.addEventListener("contextmenu", menu);
    return () => {
      up();
      element.removeEventListener("pointerdown", down);
      element.removeEventListener("pointerup", up);
      element.removeEventListener("pointercancel", up);
      element.removeEventListener("click", click, { capture: true });
      element.removeEventListener("contextmenu", menu);
    };
  }, []);
  return button;
}
