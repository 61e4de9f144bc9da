import { expect, test } from "vitest";
import { cleanName, splitLinks } from "../src/text.js";

test.each([
  ["Ada", "Ada"],
  ["  Ada \n Lovelace ", "Ada Lovelace"],
  ["\u202eadA\u202c", "adA"],
  ["A\u0000d\u200ba", "Ada"],
  ["\u2066Ada\u2069", "Ada"],
  ["Ame\u0301lie", "Am\u00e9lie"],
  ["\u{e0041}Ada", "Ada"],
  ["\u200b\u202e", ""],
  ["👩‍🔬", "👩‍🔬"],
])("the name %j is shown as %j", (given, shown) => {
  expect(cleanName(given)).toBe(shown);
});

test("a long name is cut at 64 characters", () => {
  expect([...cleanName("𝒜".repeat(100))]).toHaveLength(64);
});

test.each([
  ["see https://example.com/a?b=1.", ["https://example.com/a?b=1"]],
  ["javascript:alert(1) data:text/html,x file:///etc/passwd", []],
  ["http://a.example and HTTPS://B.example/", ["http://a.example/", "https://b.example/"]],
  ["https://user:pass@bank.example/", []],
  ["https://", []],
  ['<a href="https://x.example">', ["https://x.example/"]],
])("the links of %j are %j", (text, links) => {
  const parts = splitLinks(text);
  expect(parts.flatMap((part) => (part.kind === "link" ? [part.href] : []))).toEqual(links);
  expect(parts.map(({ text: shown }) => shown).join("")).toBe(text);
});

test.each([
  ["https://\u0430pple.com/id", "https://xn--pple-43d.com/id"],
  ["https://b\u00fccher.example/", "https://xn--bcher-kva.example/"],
  ["https://goo\u200bgle.com/", "https://google.com/"],
  ["https://good.example\u2044bad.example/", "https://good.xn--examplebad-896e.example/"],
  ["https://good.example\uff0ebad.example", "https://good.example.bad.example/"],
  ["http://2130706433/", "http://127.0.0.1/"],
  ["https:///good.example", "https://good.example/"],
  ["https://Good.example:443?a#b", "https://Good.example:443?a#b"],
  ["https://good.example:8443/\u00e4", "https://good.example:8443/\u00e4"],
])("the link %j is shown as %j", (text, shown) => {
  const [part] = splitLinks(text);
  expect(part).toEqual({ kind: "link", href: new URL(text).href, text: shown });
});

test.each([
  ["signs that end no link", `http://a${".".repeat(999_000)}x`],
  ["signs that end a link", `http://a/${")".repeat(990_000)}`],
  ["links", "http://a.b ".repeat(90_000)],
  ["links that are none", "http://@@ ".repeat(90_000)],
  ["beginnings", "http://".repeat(140_000)],
  ["names of a user", `http://${"a@".repeat(490_000)}`],
  ["steps up", `http://a/${"../".repeat(330_000)}`],
])("a megabyte of %s is split at once, and nothing is lost", (_, text) => {
  const began = performance.now();
  expect(splitLinks(text).map((part) => part.text).join("")).toBe(text);
  expect(performance.now() - began).toBeLessThan(2_000);
});

test.each(["\u200b", " ", "a\u0300", "\u0344", "\u202e", "\ud800"])("a megabyte of %j makes a name at once", (part) => {
  const began = performance.now();
  expect([...cleanName(part.repeat(1_000_000 / part.length))].length).toBeLessThanOrEqual(64);
  expect(performance.now() - began).toBeLessThan(2_000);
});
