/** What is written can be read on its ground, in light and in dark (WCAG 2.2: 4.5 for text, 3 for marks and edges of controls). */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

type Colours = Readonly<Record<string, string>>;

const css = readFileSync(new URL("../src/styles/tokens.css", import.meta.url), "utf8");
const [light = "", dark = ""] = css.split("@media (prefers-color-scheme: dark)");

function colours(part: string): Colours {
  return Object.fromEntries([...part.matchAll(/--([\w-]+):\s*(#[\da-f]{6});/gu)].map(([, name = "", value = ""]) => [name, value]));
}

const SCHEMES: Readonly<Record<string, Colours>> = { light: colours(light), dark: { ...colours(light), ...colours(dark) } };

/** Which colours are written or drawn on which grounds, and the least contrast. */
const PAIRS: readonly (readonly [string, readonly string[], number])[] = [
  ["ink", ["ground", "surface", "sunken", "stage", "tile", "accent-wash", "danger-wash", "warn-wash"], 4.5],
  ["ink-soft", ["ground", "surface", "sunken", "stage"], 4.5],
  ["accent", ["ground", "surface", "sunken", "accent-wash"], 4.5],
  ["accent-ink", ["accent", "accent-strong"], 4.5],
  ["danger", ["surface", "danger-wash"], 4.5],
  ["danger-ink", ["danger", "danger-strong"], 4.5],
  ["warn-ink", ["warn-wash", "surface"], 4.5],
  ["line-strong", ["surface", "ground"], 3],
  ["speaking", ["stage"], 3],
];

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [lower = 0, higher = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (higher + 0.05) / (lower + 0.05);
}

function tooFaint(all: Colours): readonly string[] {
  return PAIRS.flatMap(([ink, grounds, least]) =>
    grounds.filter((ground) => !(contrast(all[ink] ?? "", all[ground] ?? "") >= least)).map((ground) => `${ink} on ${ground}`));
}

describe.each(Object.entries(SCHEMES))("in %s", (_, all) => {
  it("can be read", () => {
    expect(tooFaint(all)).toEqual([]);
  });

  it("would be caught where it could not", () => {
    expect(tooFaint({ ...all, "ink-soft": all["sunken"] ?? "" })).toContain("ink-soft on sunken");
  });
});
