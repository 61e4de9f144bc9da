import { describe, expect, it } from "vitest";

import { GOOD, gradeOf, Grades, type Look, measure } from "../src/grade.js";

const NOTHING = { received: 0, lost: 0, frozen: 0 };

describe("a grade", () => {
  it.each([
    [{ loss: 0.01, delay: 0.1, freezes: 0 }, "good", []],
    [{ loss: 0.05, delay: 0.1, freezes: 0 }, "fair", ["loss"]],
    [{ loss: 0.2, delay: 0.4, freezes: 0 }, "poor", ["loss", "delay"]],
    [{ loss: 0, delay: 0.7, freezes: 0 }, "poor", ["delay"]],
    [{ loss: 0, delay: 0, freezes: 0.1 }, "fair", ["freezes"]],
  ])("of %j is %s for %j", (measured, grade, reasons) => {
    expect(gradeOf(measured)).toEqual({ grade, reasons });
  });
});

describe("what is measured", () => {
  it("is the loss over all of somebody's streams, and the longest freeze", () => {
    const sound = { before: NOTHING, now: { received: 90, lost: 0, frozen: 0 } };
    const picture = { before: { received: 10, lost: 5, frozen: 1 }, now: { received: 10, lost: 15, frozen: 1.5 } };
    expect(measure([sound, picture], 2, 0.1)).toEqual({ loss: 0.1, delay: 0.1, freezes: 0.25 });
  });

  it("takes a picture that was paused for no freeze, and a repaired loss for none", () => {
    const resumed = { before: { received: 10, lost: 5, frozen: 0 }, now: { received: 20, lost: 2, frozen: 60 } };
    expect(measure([resumed], 2, 0)).toEqual({ loss: 0, delay: 0, freezes: 0 });
  });
});

it("grades from look to look, by leaf, and changes only when a grade does", () => {
  const grades = new Grades();
  const look = (received: number, lost: number): Look => ({ slot: 1, leaf: 4, received, lost, frozen: 0 });
  expect(grades.next([look(100, 0)], 0, 0).size).toBe(0);
  const good = grades.next([look(200, 0), { ...look(0, 0), slot: 2, leaf: null }], 0, 2_000);
  expect(good).toEqual(new Map([[4, GOOD]]));
  expect(grades.next([look(300, 0)], 0, 4_000)).toBe(good);
  expect(grades.next([look(350, 50)], 0, 6_000)).toBe(good);
  expect(grades.next([look(400, 100)], 0, 8_000).get(4)?.grade).toBe("poor");
  expect(grades.next([look(500, 100)], 0, 10_000)).toEqual(good);
});
