/** The stage's arithmetic: tiles fit, keep their aspect, and are never smaller than they must be. */

import { describe, expect, it } from "vitest";
import { tileSize } from "../src/features/meeting/layout.js";

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
