/** Push to talk: the microphone is on while something is held, and off again whatever ends the holding. */

import { isFreeSpace } from "./shortcuts.js";

export interface Talk {
  readonly begin: () => void;
  readonly end: () => void;
}

interface Microphone {
  readonly isMuted: () => boolean;
  readonly set: (on: boolean) => void;
  readonly show: (talking: boolean) => void;
}

/** Does nothing for a microphone that is on already. */
export function createTalk(microphone: Microphone): Talk {
  let talking = false;
  return {
    begin: () => {
      if (talking || !microphone.isMuted()) return;
      talking = true;
      microphone.set(true);
      microphone.show(true);
    },
    end: () => {
      if (!talking) return;
      talking = false;
      microphone.set(false);
      microphone.show(false);
    },
  };
}

/** Lets the space bar be held, while `allowed`. A window that is left hears no key go up: leaving it ends the talk. */
export function listenForSpace(talk: Talk, allowed: () => boolean): void {
  let held = false;
  const byPointer = followFocus();
  window.addEventListener("keydown", (event) => {
    if (!held && (!allowed() || event.repeat || !isFreeSpace(event, byPointer()))) return;
    if (event.key !== " ") return;
    event.preventDefault();
    held = true;
    talk.begin();
  });
  const end = (): void => {
    held = false;
    talk.end();
  };
  window.addEventListener("keyup", (event) => {
    if (event.key !== " " || !held) return;
    event.preventDefault();
    end();
  });
  window.addEventListener("blur", end);
  document.addEventListener("visibilitychange", end);
}

/** Says whether what has the focus got it, or was pressed last, by a pointer. The browser's :focus-visible forgets it at the next key. */
function followFocus(): () => boolean {
  let down = false;
  let byPointer = false;
  window.addEventListener("mousedown", ({ target }) => {
    down = true;
    if (target instanceof Node && document.activeElement !== document.body && document.activeElement?.contains(target) === true) byPointer = true;
  }, { capture: true });
  window.addEventListener("mouseup", () => { down = false; }, { capture: true });
  window.addEventListener("focusin", () => { byPointer = down; });
  return () => byPointer;
}
