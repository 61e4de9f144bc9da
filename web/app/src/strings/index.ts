/**
 * The words of the language that the person reads. Each language is a file that is loaded when it is chosen; English
 * is the type of all. Reading a word subscribes the component that reads it, so that a change of language draws
 * the words anew and nothing else: a meeting goes on.
 */

import { signal } from "@preact/signals";
import type { strings as english } from "./en.js";

export type { Advice } from "./en.js";
export type Strings = typeof english;

/** The languages, each by its BCP 47 tag, with its own name for itself. */
export const LANGUAGES = [
  { tag: "en", name: "English", dir: "ltr" },
  { tag: "id", name: "Bahasa Indonesia", dir: "ltr" },
  { tag: "vi", name: "Tiếng Việt", dir: "ltr" },
  { tag: "de", name: "Deutsch", dir: "ltr" },
  { tag: "zh-Hant", name: "繁體中文", dir: "ltr" },
] as const satisfies readonly { tag: string; name: string; dir: "ltr" | "rtl" }[];

export type Language = (typeof LANGUAGES)[number]["tag"];

const load: Readonly<Record<Language, () => Promise<{ readonly strings: Strings }>>> = {
  en: () => import("./en.js"),
  id: () => import("./id.js"),
  vi: () => import("./vi.js"),
  de: () => import("./de.js"),
  "zh-Hant": () => import("./zh-hant.js"),
};

/** The language that was asked for last: a slow answer for the one before does not undo it. */
let wanted: Language | null = null;
const spoken = signal<{ readonly tag: Language; readonly strings: Strings } | null>(null);

function now(): { readonly tag: Language; readonly strings: Strings } {
  if (spoken.value === null) throw new Error("no language was loaded");
  return spoken.value;
}

/** The language that is shown. Throws an Error before the first `speak`. */
export function language(): Language {
  return now().tag;
}

/** Loads a language and shows it. Rejects where it cannot be fetched; then the one before stays. */
export async function speak(tag: Language): Promise<void> {
  wanted = tag;
  const { strings: loaded } = await load[tag]();
  if (wanted === tag) spoken.value = { tag, strings: loaded };
}

/** A part of the words that is looked up at each reading; it may be kept from before the first language is there. */
function live(part: keyof Strings): object {
  return new Proxy({}, { get: (_, key): unknown => Reflect.get(now().strings[part], key) });
}

/** The words, as `strings.door.title`. A part may be kept in a constant; a single word may not. */
export const strings = new Proxy({ product: "Segel" } as Strings & { readonly product: string }, {
  get: (parts, part): unknown => {
    if (!Reflect.has(parts, part)) Reflect.set(parts, part, live(part as keyof Strings));
    return Reflect.get(parts, part);
  },
});
