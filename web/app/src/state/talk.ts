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
  window.addEventListener("keydown", (event) => {
    if (!held && (!allowed() || event.repeat || !isFreeSpace(event))) return;
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
