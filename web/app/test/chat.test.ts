/** How messages are placed and counted, on messages as the client gives them. */

import { describe, expect, it } from "vitest";
import { lastOfOthers, place, unreadAfter } from "../src/features/chat/grouping.js";
import { initials, shortAccount, tone } from "../src/primitives/person.js";
import { meetingOf } from "../src/fixtures/meeting.js";

const { messages } = meetingOf(3);

describe("place", () => {
  it("begins a day once, and a heading for each change of speaker or long pause", () => {
    const placed = place(messages);
    expect(placed.map((each) => each.newDay)).toEqual([true, false, false, false, false, false, false]);
    expect(placed.map((each) => each.newSpeaker)).toEqual([true, false, true, true, false, true, false]);
  });
});

describe("unreadAfter", () => {
  it("counts what others wrote after the last one seen, without what was deleted", () => {
    expect(unreadAfter(messages, [])).toBe(3);
    expect(unreadAfter(messages, ["m1", "of another meeting"])).toBe(1);
    expect(unreadAfter(messages, ["m0", "m21"])).toBe(0);
  });

  it("still counts what came before an own message that was stored later", () => {
    const [theirs] = messages.filter((message) => !message.you);
    const [own] = messages.filter((message) => message.you);
    if (theirs === undefined || own === undefined) throw new Error("a message is missing");
    expect(lastOfOthers([theirs, own])).toBe(theirs.id);
    expect(unreadAfter([theirs, { ...theirs, id: "later" }, own], [theirs.id])).toBe(1);
  });
});

describe("a person's marks", () => {
  it("takes initials from the first and last word, of whole graphemes", () => {
    expect(initials("Ada King Lovelace")).toBe("AL");
    expect(initials("  zoë ")).toBe("Z");
    expect(initials("🇫🇮 team")).toBe("🇫🇮T");
    expect(initials("—")).toBe("·");
  });

  it("gives an account the same tone every time, and a short form in groups", () => {
    expect(tone("abc")).toBe(tone("abc"));
    expect(shortAccount("abcdefghijklmnop")).toBe("abcd efgh ijkl");
  });
});
