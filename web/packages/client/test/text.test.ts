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
