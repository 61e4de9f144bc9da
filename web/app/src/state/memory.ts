/** The little that the page itself remembers: the name last used. Keys are the client's own matter. */

const NAME = "segel.name";

/** The name last used here; empty when there is none, or when the browser stores nothing. */
export function rememberedName(): string {
  try {
    return localStorage.getItem(NAME) ?? "";
  } catch {
    return "";
  }
}

export function rememberName(name: string): void {
  try {
    localStorage.setItem(NAME, name);
  } catch {
    // A browser that stores nothing asks again next time.
  }
}
