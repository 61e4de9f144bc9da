/** How one person looks at a meeting: nothing of it is told to the others. */

import { signal } from "@preact/signals";
import type { Person } from "@segel/client/state";
import { rememberedOutlook, rememberOutlook } from "./memory.js";

/** `auto`: everybody alike, until somebody shares a screen. */
export type Arranging = "auto" | "grid" | "speaker";

export interface Outlook {
  readonly arranging: Arranging;
  /** The account or the screen's stream that stays large; null for none. */
  readonly pinned: string | null;
  /** Whether single keys do something (WCAG 2.1.4). */
  readonly shortcuts: boolean;
  /** The list of keys is open. */
  readonly helping: boolean;
  /** The microphone is on for as long as a key or button is held. */
  readonly talking: boolean;
  /** The accounts whose hands are up, first raised first, as this page saw them. */
  readonly hands: readonly string[];
}

export const plainOutlook: Outlook = {
  arranging: "auto", pinned: null, shortcuts: true, helping: false, talking: false, hands: [],
};

/** The hands that are up now, in the order in which they went up. */
export function handsAfter(before: readonly string[], people: readonly Person[]): readonly string[] {
  const up = people.filter((person) => person.media.hand).map((person) => person.account);
  const next = [...before.filter((account) => up.includes(account)), ...up.filter((account) => !before.includes(account))];
  return next.join() === before.join() ? before : next;
}

/** Whether one tile is large now; `screens` says whether somebody shares one. */
export function isLarge(outlook: Outlook, screens: boolean): boolean {
  return outlook.pinned !== null || outlook.arranging === "speaker" || (outlook.arranging === "auto" && screens);
}

/** The other way of looking: what is pinned is let go. */
export function turned(outlook: Outlook, screens: boolean): Partial<Outlook> {
  return { arranging: isLarge(outlook, screens) ? "grid" : "speaker", pinned: null };
}

/** As it was here last; what lasts is remembered. */
export function createOutlook() {
  const [arranging, shortcuts] = rememberedOutlook().split(" ");
  const outlook = signal<Outlook>({
    ...plainOutlook,
    arranging: arranging === "grid" || arranging === "speaker" ? arranging : "auto",
    shortcuts: shortcuts !== "off",
  });
  const look = (change: Partial<Outlook>): void => {
    outlook.value = { ...outlook.peek(), ...change };
    const now = outlook.peek();
    if (change.arranging !== undefined || change.shortcuts !== undefined) {
      rememberOutlook(`${now.arranging} ${now.shortcuts ? "on" : "off"}`);
    }
  };
  return { outlook, look };
}
