/** Calendar files as RFC 5545 has them, and times as date fields have them. */

import { describe, expect, it } from "vitest";
import { calendarFile } from "../src/features/plan/ics.js";
import { atMinute, dayEnd, inDays, nextHour } from "../src/features/plan/times.js";

const event = {
  title: "Anggaran; bagian 2, \\ dan 會議的預算討論與下一步的安排還有其他許多需要一起決定的事項\u0007",
  link: `https://meet.example/m#${"A".repeat(72)}`,
  begins: Date.UTC(2027, 0, 5, 9, 30),
  ends: Date.UTC(2027, 0, 5, 10, 30),
  made: Date.UTC(2026, 11, 31, 23, 59, 59),
  uid: "f5a1",
};

describe("calendarFile", () => {
  const file = calendarFile(event);

  it("has lines of at most 75 bytes, each ended as the standard says, and cuts no character", () => {
    expect(file.endsWith("\r\n")).toBe(true);
    for (const line of file.split("\r\n")) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    expect(file).not.toContain("\ufffd");
  });

  it("says what, when and where", () => {
    const lines = file.replaceAll("\r\n ", "").split("\r\n");
    expect(lines).toContain("DTSTART:20270105T093000Z");
    expect(lines).toContain("DTEND:20270105T103000Z");
    expect(lines).toContain("DTSTAMP:20261231T235959Z");
    expect(lines).toContain(`URL:${event.link}`);
    expect(lines.find((line) => line.startsWith("SUMMARY:"))).toMatch(/^SUMMARY:Anggaran\\; bagian 2\\, \\\\ dan .* $/u);
  });

  it("has each begin with its end, and no line of somebody else's making", () => {
    const injected = calendarFile({ ...event, title: "x\r\nEND:VEVENT\nBEGIN:VEVENT" });
    expect(injected.split("\r\n").filter((line) => line.startsWith("BEGIN:VEVENT"))).toHaveLength(1);
  });
});

describe("times", () => {
  it("proposes a full hour that is still to come, and reads it back", () => {
    const now = new Date(2026, 10, 23, 14, 45).getTime();
    expect(nextHour(now)).toBe("2026-11-23T16:00");
    expect(atMinute(nextHour(now))).toBe(new Date(2026, 10, 23, 16, 0).getTime());
  });

  it("counts days over the end of a month, and lasts to a day's end", () => {
    expect(inDays(new Date(2026, 10, 23, 14, 45).getTime(), 90)).toBe("2027-02-21");
    expect(dayEnd("2027-02-21")).toBe(new Date(2027, 1, 21, 23, 59, 59).getTime());
    expect(dayEnd("")).toBeNaN();
  });
});
