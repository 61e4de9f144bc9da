/** Where the keyboard goes when what it was on is gone. */

import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/** What is new on the screen takes the focus when nothing has it: what was pressed went with what was there before. */
export function useLostFocus(taker: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    if (document.activeElement === document.body) taker.current?.focus({ preventScroll: true });
  }, []);
}
