/** What the page's address asks for. */

export type Address =
  | { readonly at: "home"; readonly invitation: string }
  | { readonly at: "door"; readonly link: string }
  | { readonly at: "keeps" }
  | { readonly at: "bad-link" }
  | { readonly at: "not-found" };

/**
 * docs/protocol/meeting.md 1: base64url of 18 bytes, with 4 more for a date and 32 for an opener, the first being the version, 1. The client checks
 * the rest; this much is seen before anything is fetched.
 */
const FRAGMENT = /^#A[Q-Za-f](?:[\w-]{22}|[\w-]{28}|[\w-]{65}|[\w-]{70})$/u;

/**
 * `/m#…` is a link to a meeting; `/#invite=…` brings an operator's invitation. The fragment never reaches a server.
 * With any other path the server answered 404, and sent this page to say so.
 */
export function readAddress(location: Pick<Location, "pathname" | "hash" | "href">): Address {
  if (location.pathname === "/m") return FRAGMENT.test(location.hash) ? { at: "door", link: location.href } : { at: "bad-link" };
  if (location.pathname === "/keeps") return { at: "keeps" };
  if (location.pathname !== "/" && location.pathname !== "/index.html") return { at: "not-found" };
  return { at: "home", invitation: new URLSearchParams(location.hash.slice(1)).get("invite") ?? "" };
}
