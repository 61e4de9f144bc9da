/** How many pictures of which size fit a stage. Pure arithmetic, in CSS pixels. */

export interface TileSize {
  readonly columns: number;
  readonly width: number;
  readonly height: number;
}

const WIDEST = 16 / 9;
const NARROWEST = 3 / 4;

function fit(width: number, height: number): { width: number; height: number } {
  if (width > height * WIDEST) return { width: height * WIDEST, height };
  if (width < height * NARROWEST) return { width, height: width / NARROWEST };
  return { width, height };
}

/** The part of a tile in which a 4:3 picture is seen whole: what the choice of columns makes as large as it can. */
function useful(width: number, height: number): number {
  const side = Math.min(width / 4, height / 3);
  return side * side;
}

/**
 * The largest equal tiles for `count` pictures on a stage of `width` x `height`, with `gap` between them.
 * Their aspect stays between 3:4 and 16:9; below `least` pixels of width the stage scrolls instead of shrinking them.
 */
export function tileSize(count: number, width: number, height: number, gap: number, least = 132): TileSize {
  let best: TileSize = { columns: 1, width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const cellWidth = (width - gap * (columns - 1)) / columns;
    if (columns > 1 && cellWidth < least) break;
    const cellHeight = Math.max((height - gap * (rows - 1)) / rows, Math.min(cellWidth, least) * 0.75);
    const tile = fit(cellWidth, cellHeight);
    if (useful(tile.width, tile.height) > useful(best.width, best.height)) best = { columns, ...tile };
  }
  return { columns: best.columns, width: Math.floor(best.width), height: Math.floor(best.height) };
}
