/** How a person looks in the interface: a name that cannot spill, initials, the short form of an account. */

import type { VNode } from "preact";

/** A name that somebody else chose: isolated, so that its direction stays inside, and cut where room ends. */
export function Name({ name }: { name: string }): VNode {
  return <bdi class="clip" title={name}>{name}</bdi>;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function first(word: string): string {
  return graphemes.segment(word)[Symbol.iterator]().next().value?.segment ?? "";
}

/** One or two letters for a name: of its first and last word. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter((word) => /[\p{L}\p{N}\p{Emoji_Presentation}]/u.test(word));
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  return chosen.map((word) => first(word ?? "")).join("").toLocaleUpperCase() || "·";
}

/** One of six tones, the same for an account everywhere. */
export function tone(account: string): number {
  let sum = 0;
  for (const character of account) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return sum % 6;
}

export function Avatar({ name, account, look = "" }: { name: string; account: string; look?: string }): VNode {
  return <span class={`avatar ${look}`} data-tone={tone(account)} aria-hidden="true">{initials(name)}</span>;
}

/** The first twelve characters of an account in groups of four. */
export function shortAccount(account: string): string {
  return account.slice(0, 12).match(/.{1,4}/gu)?.join(" ") ?? "";
}
