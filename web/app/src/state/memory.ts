/** The little that the page itself remembers: the name last used, the language chosen, how one looks at a meeting, how far chats were read. Keys are the client's own matter. */

const NAME = "segel.name";
const LANGUAGE = "segel.language";
const OUTLOOK = "segel.outlook";
const SEEN = "segel.seen";

function remembered(key: string): string {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A browser that stores nothing asks again next time.
  }
}

/** The name last used here; empty when there is none, or when the browser stores nothing. */
export function rememberedName(): string {
  return remembered(NAME);
}

export function rememberName(name: string): void {
  remember(NAME, name);
}

/** The tag of the language that was chosen here; empty as above. */
export function rememberedLanguage(): string {
  return remembered(LANGUAGE);
}

export function rememberLanguage(tag: string): void {
  remember(LANGUAGE, tag);
}

/** How the meeting was looked at here last; empty as above. */
export function rememberedOutlook(): string {
  return remembered(OUTLOOK);
}

export function rememberOutlook(outlook: string): void {
  remember(OUTLOOK, outlook);
}

/** The ids of the messages up to which chats were read, the latest last; each meeting is known by its own. */
export function rememberedSeen(): readonly string[] {
  return remembered(SEEN).split(" ").filter((id) => id !== "");
}

export function rememberSeen(ids: readonly string[]): void {
  remember(SEEN, ids.join(" "));
}
