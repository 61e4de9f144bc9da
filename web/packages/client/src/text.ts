/** Text from others: what is shown of it, and what may be clicked. */
import type { TextPart } from "./state.js";

/** Greatest length of a name, in characters after NFC. */
export const MAX_NAME = 64;
/** Greatest length of a message, in bytes of UTF-8. */
export const MAX_TEXT = 1_000_000;

/** Controls, bidi controls (Unicode 5.3 of UAX 9), zero-width joiners of nothing, and the tag characters. */
const HIDDEN = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const LINK = /\bhttps?:\/\/[^\s<>"'`\u0000-\u001f\u202a-\u202e\u2066-\u2069]+/giu;
const TRAILING = `.,;:!?)]}'"`;

/** A name as it is shown: NFC, without anything hidden, at most MAX_NAME characters; empty when nothing is left. */
export function cleanName(name: string): string {
  const visible = name.normalize("NFC").replace(HIDDEN, "").replace(/\s+/gu, " ").trim();
  return [...visible].slice(0, MAX_NAME).join("").trim();
}

/** The text in parts; links are http and https alone, and are shown as the address that they open. */
export function splitLinks(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const link = safeLink(withoutTrailing(match[0]));
    if (link === null) continue;
    if (match.index > end) parts.push({ kind: "text", text: text.slice(end, match.index) });
    parts.push(link.part);
    end = match.index + link.length;
  }
  if (end < text.length) parts.push({ kind: "text", text: text.slice(end) });
  return parts;
}

/** A regular expression would try again from each sign of a long row: minutes for a message of nothing else. */
function withoutTrailing(text: string): string {
  let end = text.length;
  while (end > 0 && TRAILING.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function safeLink(text: string): { part: TextPart; length: number } | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return null;
  return { part: { kind: "link", href: url.href, text: namesHost(text, url) ? text : url.href }, length: text.length };
}

/** Letters that look like others, or that are not seen, make a host look like another: a browser then writes it in ASCII. */
function namesHost(text: string, url: URL): boolean {
  const origin = `${url.protocol}//${url.host}`;
  return text.toLowerCase().startsWith(origin) && /^(?:[:/?#]|$)/u.test(text.slice(origin.length));
}
