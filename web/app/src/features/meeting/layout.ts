/** How many pictures of which size fit a stage. Pure arithmetic, in CSS pixels. */

export interface TileSize {
  readonly columns: number;
  readonly width: number;
  readonly height: number;
}

const WIDEST = 16 / 9;
const NARROWEST = 3 / 4;
/** A tile is not made narrower or lower than this; the stage scrolls instead. */
const LEAST_WIDTH = 132;
const LEAST_HEIGHT = 80;

function fit(width: number, height: number): { width: number; height: number } {
  if (width > height * WIDEST) return { width: height * WIDEST, height };
  if (width < height * NARROWEST) return { width, height: width / NARROWEST };
  return { width, height };
}

/** The part of a tile in which a 4:3 picture is seen whole: what the choice of columns makes as large as it can. */
function useful(size: { width: number; height: number }): number {
  const side = Math.max(0, Math.min(size.width / 4, size.height / 3));
  return side * side;
}

/**
 * The largest equal tiles for `count` pictures on a stage of `width` x `height`, with `gap` between them.
 * Their aspect stays between 3:4 and 16:9. Where they do not fit, they take the least size and the stage scrolls.
 */
export function tileSize(count: number, width: number, height: number, gap: number): TileSize {
  const most = Math.max(1, Math.min(count, Math.floor((width + gap) / (LEAST_WIDTH + gap))));
  let best: TileSize | null = null;
  for (let columns = 1; columns <= most; columns += 1) {
    const rows = Math.ceil(count / columns);
    const cellHeight = (height - gap * (rows - 1)) / rows;
    const tile = fit((width - gap * (columns - 1)) / columns, cellHeight);
    if (cellHeight < Math.min(LEAST_HEIGHT, height)) continue;
    if (best === null || useful(tile) > useful(best)) best = { columns, ...tile };
  }
  const wide = (width - gap * (most - 1)) / most;
  const chosen = best ?? { columns: most, width: wide, height: wide * 0.75 };
  return { columns: chosen.columns, width: Math.floor(chosen.width), height: Math.floor(chosen.height) };
}
