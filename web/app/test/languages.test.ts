/** The languages: which one is chosen, that none was left half translated, and their own plural forms. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { choose, matching } from "../src/strings/choice.js";
import { grammar } from "../src/strings/grammar.js";
import { strings as de } from "../src/strings/de.js";
import { strings as en } from "../src/strings/en.js";
import { strings as id } from "../src/strings/id.js";
import { language, LANGUAGES, speak, strings, type Strings } from "../src/strings/index.js";
import { keepsWords } from "../src/strings/keeps/index.js";
import { strings as vi } from "../src/strings/vi.js";
import { strings as zhHant } from "../src/strings/zh-hant.js";

const translations: Readonly<Record<string, Strings>> = { de, id, vi, "zh-Hant": zhHant };

/** Words that a language writes as English does. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  de: ["meeting.chat", "meeting.alarm", "chat.title"],
  vi: ["devices.camera"],
};

/** Every text by its path; a sentence that is made is made of `sample`. */
function texts(part: unknown, path = ""): readonly (readonly [string, string])[] {
  if (typeof part === "string") return [[path, part]];
  if (typeof part === "function") return made(part as (...given: unknown[]) => string, path);
  return Object.entries(part as object).flatMap(([key, value]) => texts(value, path === "" ? key : `${path}.${key}`));
}

/** What a sentence takes is a number or a name, some lists; whatever does not fit its types is left out. */
function made(make: (...given: unknown[]) => string, path: string): readonly (readonly [string, string])[] {
  const given = [["Ada", ["José"], true], [2], [1], [0], ["Ada", 2]] as const;
  return given.flatMap((each, index) => {
    try {
      return [[`${path}(${index})`, make(...each)] as const];
    } catch {
      return [];
    }
  });
}

/** The text without what it was made of, so that only the language's own words are compared. */
function words(text: string): string {
  return text.replace(/Ada|José|undefined|NaN|\d|[\p{P}\p{S}\s]/gu, "");
}

describe.each(Object.entries(translations))("%s", (tag, translation) => {
  it("says nothing in English but what is the same", () => {
    const english = new Map(texts(en));
    const same = texts(translation).filter(([path, text]) => words(text) !== "" && english.get(path) === text).map(([path]) => path.replace(/\(\d\)$/u, ""));
    expect([...new Set(same)].filter((path) => !(SAME[tag] ?? []).includes(path))).toEqual([]);
  });

  it("has as many texts as English, none of them empty", () => {
    expect(texts(translation).map(([path]) => path)).toEqual(texts(en).map(([path]) => path));
    expect(texts(translation).filter(([, text]) => text.trim() === "")).toEqual([]);
  });

  it("writes its own punctuation", () => {
    const wrong = { "zh-Hant": /[,;:?!]\s*\p{Script=Han}|\p{Script=Han}\s*[,;:?!]/u }[tag] ?? /[\uff01-\uff5e\u3000-\u303f]/u;
    expect(texts(translation).filter(([, text]) => wrong.test(text))).toEqual([]);
  });
});

it("would see a text that was left in English", () => {
  const english = new Map(texts(en));
  const forgotten = texts({ ...de, home: en.home }).filter(([path, text]) => words(text) !== "" && english.get(path) === text);
  expect(forgotten.map(([path]) => path)).toContain("home.title");
});

describe("grammar", () => {
  it("takes the plural form that the language has for a number, and writes the number its way", () => {
    const english = grammar("en");
    expect([0, 1, 2].map((count) => english.plural(count, { one: "# thing", other: "# things" }))).toEqual(["0 things", "1 thing", "2 things"]);
    expect(grammar("de").plural(1200, { one: "# Person", other: "# Personen" })).toBe("1.200 Personen");
    // A language of three forms, which none of ours is yet.
    expect([1, 2, 5].map((count) => grammar("pl").plural(count, { one: "# plik", few: "# pliki", other: "# plików" }))).toEqual(["1 plik", "2 pliki", "5 plików"]);
  });

  it("lists people as the language does", () => {
    expect(LANGUAGES.map(({ tag }) => grammar(tag).list(["A", "B", "C"]))).toEqual(["A, B, and C", "A, B, dan C", "A, B và C", "A, B und C", "A、B和C"]);
  });
});

describe("the choice", () => {
  it.each([
    ["de-AT", "de"], ["en-GB", "en"], ["id", "id"], ["in-ID", "id"], ["vi-VN", "vi"],
    ["zh-TW", "zh-Hant"], ["zh-HK", "zh-Hant"], ["zh-Hant-SG", "zh-Hant"], ["zh-CN", null], ["zh", null], ["fr", null], ["", null], ["x", null],
  ] as const)("finds for %s: %s", (asked, found) => {
    expect(matching(asked)).toBe(found);
  });

  it("takes what was chosen before what the browser asks for, and English where nothing fits", () => {
    expect(choose("vi", ["de"])).toBe("vi");
    expect(choose("", ["fr", "zh-HK", "en"])).toBe("zh-Hant");
    expect(choose("tlh", ["fr"])).toBe("en");
  });
});

describe("speaking", () => {
  it("changes the words under parts that were kept", async () => {
    const kept = strings.home;
    await speak("de");
    expect([language(), kept.start, strings.seal.people(2)]).toEqual(["de", de.home.start, "2 Personen sind hier"]);
    await speak("id");
    expect([language(), kept.start]).toEqual(["id", id.home.start]);
  });

  it("shows what was asked for last, whichever comes first", async () => {
    await Promise.all([speak("vi"), speak("en")]);
    expect(language()).toBe("en");
  });
});

describe("the page that says what is kept", () => {
  const ledger = readFileSync(new URL("../../../src/segel/server/ledger/ledger.toml", import.meta.url), "utf8");
  const ids = (table: string): readonly string[] => [...ledger.matchAll(new RegExp(`\\[\\[${table}\\]\\]\\nid = "([^"]+)"`, "gu"))].map(([, id]) => id ?? "");

  it("has words for all that the ledger declares", async () => {
    const { words, stored, fileList, passing, tapList } = await keepsWords("en");
    const declared = /\[words\]\n([^[]*)/u.exec(ledger)?.[1] ?? "";
    expect(Object.keys(words)).toEqual([...declared.matchAll(/^([a-z-]+) = /gmu)].map(([, word]) => word));
    expect([stored, fileList, passing, tapList].map(Object.keys)).toEqual(["stored", "files", "memory", "taps"].map(ids));
  });

  it.each(LANGUAGES.map(({ tag }) => tag).filter((tag) => tag !== "en"))("says all of it in %s, nothing in English", async (tag) => {
    const [english, own] = [texts(await keepsWords("en")), texts(await keepsWords(tag))];
    expect(own.map(([path]) => path)).toEqual(english.map(([path]) => path));
    const same = own.filter(([, text], index) => text === english[index]?.[1]).map(([path]) => path);
    expect(same).toEqual(tag === "de" ? ["stored.meeting.title"] : []);
    expect(own.filter(([, text]) => text.trim() === "")).toEqual([]);
  });
});
