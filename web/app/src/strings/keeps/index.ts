/** The words of the page that says what is kept: fetched with it, so that no other screen waits for them. */

import type { Language } from "../index.js";
import type { keeps as english } from "./en.js";

export type { Kept, Passing } from "./en.js";
export type KeepsWords = typeof english;

const load: Readonly<Record<Language, () => Promise<{ readonly keeps: KeepsWords }>>> = {
  en: () => import("./en.js"),
  id: () => import("./id.js"),
  vi: () => import("./vi.js"),
  de: () => import("./de.js"),
  "zh-Hant": () => import("./zh-hant.js"),
};

/** The words of a language. Rejects where they cannot be fetched. */
export async function keepsWords(tag: Language): Promise<KeepsWords> {
  return (await load[tag]()).keeps;
}
