/** Which language a person reads: the one that they chose, else the first of their browser's that is here. */

import { LANGUAGES, type Language } from "./index.js";

/** "zh-TW" to "zh-Hant-TW", with which region goes which script. Null for what is no language tag. */
function written(tag: string): Intl.Locale | null {
  try {
    return new Intl.Locale(tag).maximize();
  } catch {
    return null;
  }
}

/** The language here for a browser's tag: the same language in the same script. Null where there is none. */
export function matching(tag: string): Language | null {
  const asked = written(tag);
  const found = LANGUAGES.find((each) => {
    const here = written(each.tag);
    return here?.language === asked?.language && here?.script === asked?.script;
  });
  return found?.tag ?? null;
}

/** `remembered` is what the person chose, or anything else; `asked` the browser's list, best first. */
export function choose(remembered: string, asked: readonly string[]): Language {
  const known = LANGUAGES.find(({ tag }) => tag === remembered);
  if (known !== undefined) return known.tag;
  for (const tag of asked) {
    const found = matching(tag);
    if (found !== null) return found;
  }
  return "en";
}
