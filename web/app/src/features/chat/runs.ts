/** Which parts of a long conversation are drawn: runs near the window; the others are as high as they last were. */

import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** Messages in a run: enough that a window shows two or three runs, few enough that drawing one is not felt. */
export const RUN = 25;
/** CSS pixels for a message that was never drawn. Where it is wrong, the browser's scroll anchoring holds the place. */
const GUESS = 64;
/** How far from the window a run is drawn already. */
const MARGIN = "600px 0px";

/** Cuts a list into runs of RUN; the last one has what is left. */
export function runsOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / RUN) }, (_, index) => items.slice(index * RUN, (index + 1) * RUN));
}

export interface Runs {
  readonly drawn: (index: number) => boolean;
  /** The height in CSS pixels of a run of `length` messages that is not drawn. */
  readonly height: (index: number, length: number) => number;
}

/** Follows which of `count` runs, elements with `data-run` in `box`, are near its window. The last one always is. */
export function useRuns(box: RefObject<HTMLElement | null>, count: number): Runs {
  const [near, setNear] = useState<ReadonlySet<number>>(new Set());
  const heights = useRef(new Map<number, number>());
  const observer = useRef<IntersectionObserver | null>(null);
  useLayoutEffect(() => {
    observer.current = new IntersectionObserver((entries) => {
      setNear((before) => {
        const after = new Set(before);
        for (const { target, isIntersecting, boundingClientRect } of entries) {
          const index = Number(target.getAttribute("data-run"));
          if (before.has(index)) heights.current.set(index, boundingClientRect.height);
          // What the keyboard is on stays.
          if (isIntersecting || target.contains(document.activeElement)) after.add(index);
          else after.delete(index);
        }
        return after;
      });
    }, { root: box.current, rootMargin: MARGIN });
    return () => observer.current?.disconnect();
  }, []);
  useEffect(() => {
    for (const run of box.current?.querySelectorAll("[data-run]") ?? []) observer.current?.observe(run);
  }, [count]);
  return {
    drawn: (index) => index === count - 1 || near.has(index),
    height: (index, length) => heights.current.get(index) ?? length * GUESS,
  };
}
