/** File names from others: what is shown of one, and under what name a file is saved (docs/protocol/files.md 4). */

/** Greatest length of a file name, in bytes of UTF-8: what common file systems take, with room for " (1)". */
const MAX_BYTES = 200;
/** Of an extension, in characters with its dot; longer ones are no extension. */
const MAX_EXTENSION = 16;
const FALLBACK = "file";

/** Controls, formatting (bidi controls, what has no width, tags), variation selectors, private and lone surrogates. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;
/** Separators of paths, drives and streams, and what a shell or Windows reads as something else; their look-alikes too. */
const UNSAFE = /[/\\:*?"<>|\u2044\u2215\u29f5\u29f8\u29f9\uff0f\uff3c\uff1a\u2236]/gu;
/** Devices in Windows, whatever their extension. */
const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(?=\.|$)/iu;

/** A name that is one name everywhere, in which nothing is hidden, and whose end is its true extension. */
export function cleanFileName(name: string): string {
  const plain = name.replace(HIDDEN, "").replace(UNSAFE, "_").replace(/\s+/gu, " ").normalize("NFC");
  const trimmed = plain.replace(/^[. ]+/u, "").replace(/[. ]+$/u, "");
  const safe = RESERVED.test(trimmed) ? `_${trimmed}` : trimmed;
  return safe === "" ? FALLBACK : shortened(safe);
}

/** The name and its extension apart, so that a long name can be cut in its middle: `["holiday", ".jpeg"]`. */
export function splitExtension(name: string): readonly [stem: string, extension: string] {
  const dot = name.lastIndexOf(".");
  if (dot <= 0 || [...name.slice(dot)].length > MAX_EXTENSION) return [name, ""];
  return [name.slice(0, dot), name.slice(dot)];
}

function shortened(name: string): string {
  const [stem, extension] = splitExtension(name);
  const signs = [...stem];
  const room = MAX_BYTES - length(extension);
  let used = 0;
  const fits = signs.findIndex((sign) => (used += length(sign)) > room);
  return (fits === -1 ? stem : signs.slice(0, fits).join("").trimEnd()) + extension;
}

function length(text: string): number {
  return new TextEncoder().encode(text).length;
}
