/** What the page's address asks for. */

export type Address =
  | { readonly at: "home"; readonly invitation: string }
  | { readonly at: "door"; readonly link: string };

/** `/m#…` is a link to a meeting; `/#invite=…` brings an operator's invitation. The fragment never reaches a server. */
export function readAddress(location: Pick<Location, "pathname" | "hash" | "href">): Address {
  if (location.pathname === "/m") return { at: "door", link: location.href };
  return { at: "home", invitation: new URLSearchParams(location.hash.slice(1)).get("invite") ?? "" };
}
