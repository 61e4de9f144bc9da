/** The language of the page: chosen at the start, changed by the person, told to the document. */

import { choose } from "../strings/choice.js";
import { language, LANGUAGES, speak, type Language } from "../strings/index.js";
import { rememberedLanguage, rememberLanguage } from "./memory.js";

/** How the text runs and what a screen reader reads it as. */
function tellDocument(): void {
  const chosen = LANGUAGES.find(({ tag }) => tag === language());
  if (chosen === undefined) return;
  document.documentElement.lang = chosen.tag;
  document.documentElement.dir = chosen.dir;
}

/** The language that the person reads: as chosen here before, else as the browser asks. */
export function preferredLanguage(): Language {
  return choose(rememberedLanguage(), navigator.languages);
}

/** Loads the language that the person reads. Rejects where it cannot be fetched. */
export async function beginLanguage(): Promise<void> {
  await speak(preferredLanguage());
  tellDocument();
}

/** Changes the language of the running page, and remembers it. Without a connection the one before stays. */
export async function changeLanguage(tag: Language): Promise<void> {
  await speak(tag);
  tellDocument();
  rememberLanguage(tag);
}
