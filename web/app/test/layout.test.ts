/** The stage's arithmetic: tiles fit, keep their aspect, and are never smaller than they must be. */

import { describe, expect, it } from "vitest";
import { arrangeGrid, arrangeLarge, tileSize, type Box } from "../src/features/meeting/layout.js";

const GAP = 10;

describe("tileSize", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 9, 12])("fits %i pictures on a desktop", (count) => {
    const tile = tileSize(count, 1240, 640, GAP);
    const rows = Math.ceil(count / tile.columns);
    expect(tile.columns * tile.width + (tile.columns - 1) * GAP).toBeLessThanOrEqual(1240);
    expect(rows * tile.height + (rows - 1) * GAP).toBeLessThanOrEqual(640);
    expect(tile.width / tile.height).toBeGreaterThan(0.74);
    expect(tile.width / tile.height).toBeLessThan(1.79);
  });

  it("stands two pictures side by side on a desktop and above each other on a phone", () => {
    expect(tileSize(2, 1240, 640, GAP).columns).toBe(2);
    expect(tileSize(2, 344, 600, GAP).columns).toBe(1);
  });

  it("fits twelve pictures on a phone in two columns", () => {
    const tile = tileSize(12, 344, 600, GAP);
    expect(tile.columns).toBe(2);
    expect(6 * tile.height + 5 * GAP).toBeLessThanOrEqual(600);
  });

  it("scrolls rather than draw tiles that cannot be read", () => {
    const tile = tileSize(40, 344, 600, GAP);
    expect(tile.columns).toBe(2);
    expect(tile.height).toBeGreaterThan(80);
  });

  it("draws nothing on a stage without room", () => {
    expect(tileSize(3, 0, 0, GAP)).toEqual({ columns: 1, width: 0, height: 0 });
  });
});

describe.each([
  ["a desktop", 1240, 640], ["a phone", 344, 480], ["a phone on its side", 624, 230],
])("on %s", (_, width, height) => {
  const inside = ({ x, y, width: wide, height: high }: Box): boolean => x >= 0 && y >= 0 && x + wide <= width && y + high <= height && wide > 0 && high > 0;
  const apart = (a: Box, b: Box): boolean => a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

  it.each([1, 2, 3, 7, 12, 50])("one of %i is large, none covers another, and nobody is forgotten", (count) => {
    for (const whole of [true, false]) {
      const { boxes, more, moreBox } = arrangeLarge(count, width, height, GAP, whole);
      const all = moreBox === null ? boxes : [...boxes, moreBox];
      expect(boxes.length + more).toBe(count);
      expect(more === 0).toBe(moreBox === null);
      expect(all.every(inside)).toBe(true);
      expect(all.every((each, index) => all.slice(index + 1).every((other) => apart(each, other)))).toBe(true);
      const [large, ...small] = boxes;
      for (const other of small) expect(other.width * other.height).toBeLessThan((large?.width ?? 0) * (large?.height ?? 0));
    }
  });

  it.each([1, 2, 5, 12])("a grid of %i covers nobody and keeps the middle", (count) => {
    const { boxes } = arrangeGrid(count, width, height, GAP);
    expect(boxes).toHaveLength(count);
    expect(boxes.every((each, index) => boxes.slice(index + 1).every((other) => apart(each, other)))).toBe(true);
    const row = boxes.filter((each) => each.y === boxes.at(-1)?.y);
    const [first, last] = [row[0], row.at(-1)];
    expect(Math.abs((first?.x ?? 0) + (last?.x ?? 0) + (last?.width ?? 0) - width)).toBeLessThan(4);
  });
});
