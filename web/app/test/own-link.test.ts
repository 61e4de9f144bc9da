import { expect, test } from "vitest";
import type { LinkQuality } from "@segel/media/state";
import { isOwnLinkPoor } from "../src/features/meeting/own-link.js";

const good: LinkQuality = { grade: "good", reasons: [] };
const lossy: LinkQuality = { grade: "poor", reasons: ["loss"] };
const far: LinkQuality = { grade: "poor", reasons: ["delay"] };

test.each<[string, readonly LinkQuality[], boolean]>([
  ["nobody sends", [], false],
  ["the only other loses packets: it may be they", [lossy], false],
  ["the way to the relay is long", [far], true],
  ["one of several is bad", [good, lossy], false],
  ["all of several are bad", [lossy, lossy], true],
])("%s", (_, each, poor) => {
  expect(isOwnLinkPoor(new Map(each.map((quality, leaf) => [leaf, quality])))).toBe(poor);
});
