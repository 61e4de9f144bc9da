/** The style sheets take a script's direction as it comes: nothing in them says left or right. */

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const FOLDER = new URL("../src/styles/", import.meta.url);

/** Declarations that name a side of the screen, or give the two sides different values in a shorthand. */
function sided(css: string): readonly string[] {
  const declarations = css.replace(/\/\*[\s\S]*?\*\//gu, "").match(/[\w-]+\s*:[^;{}]+(?=[;}])/gu) ?? [];
  return declarations.map((each) => each.trim()).filter((declaration) => {
    const [property = "", value = ""] = declaration.split(/:(.*)/su).map((half) => half.trim());
    if (/(?:^|-)(?:left|right)(?:-|$)/u.test(property) || /^(?:text-align|float|clear|justify-\w+)$/u.test(property) && /left|right/u.test(value)) return true;
    const parts = value.match(/[^\s(]+(?:\((?:[^()]|\([^()]*\))*\))?/gu) ?? [];
    if (/^(?:margin|padding|inset|border-(?:width|color|style))$/u.test(property)) return parts.length === 4 && parts[1] !== parts[3];
    return property === "border-radius" && parts.length === 4 && (parts[0] !== parts[1] || parts[2] !== parts[3]);
  });
}

describe("style sheets", () => {
  it.each(readdirSync(FOLDER))("%s names no side", (file) => {
    expect(sided(readFileSync(new URL(file, FOLDER), "utf8"))).toEqual([]);
  });

  it("would be caught naming one", () => {
    const css = ".a { margin-left: 1px; padding: 0 var(--a) 0 calc(2 * (1px + 2px)); text-align: right; border-radius: 1px 0 0 1px }";
    expect(sided(css)).toHaveLength(4);
    expect(sided(".a { margin: 0 auto; padding: 1px 2px 3px 2px; border-radius: 0 0 1px 1px; inset-inline-start: 0 }")).toEqual([]);
  });
});
