/** Where the pictures stand on a stage. Pure arithmetic, in CSS pixels. */

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

/** A place on the stage; `x` counts from where lines of text begin. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The boxes of the tiles that are drawn, in their order, and how many more tiles found no room. */
export interface Arrangement {
  readonly boxes: readonly Box[];
  readonly more: number;
  /** Where what stands for those `more` is drawn. */
  readonly moreBox: Box | null;
}

/** Equal tiles in rows, the last row in the middle; what does not fit is below, where one scrolls to. */
export function arrangeGrid(count: number, width: number, height: number, gap: number): Arrangement {
  const tile = tileSize(count, width, height, gap);
  const rows = Math.ceil(count / tile.columns);
  const top = Math.max(0, (height - rows * tile.height - (rows - 1) * gap) / 2);
  const boxes = Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / tile.columns);
    const inRow = Math.min(tile.columns, count - row * tile.columns);
    const start = (width - inRow * tile.width - (inRow - 1) * gap) / 2;
    return {
      x: Math.floor(start + (index % tile.columns) * (tile.width + gap)),
      y: Math.floor(top + row * (tile.height + gap)),
      width: tile.width,
      height: tile.height,
    };
  });
  return { boxes, more: 0, moreBox: null };
}

/** How a strip of small tiles runs along the stage. */
interface Strip {
  readonly beside: boolean;
  readonly width: number;
  readonly height: number;
  readonly places: number;
}

function stripOf(width: number, height: number, gap: number): Strip {
  if (width > height * 1.2) {
    const across = Math.min(220, Math.max(LEAST_WIDTH, width * 0.18));
    const tall = Math.max(LEAST_HEIGHT, across / WIDEST);
    return { beside: true, width: across, height: tall, places: Math.max(1, Math.floor((height + gap) / (tall + gap))) };
  }
  const places = Math.max(3, Math.floor((width + gap) / (160 + gap)));
  const across = (width - gap * (places - 1)) / places;
  return { beside: false, width: across, height: Math.min(across * 0.75, height * 0.3), places };
}

/**
 * The first tile large, the others small in one strip: beside it on a wide stage, below it on a tall one.
 * Where the strip is too short, its last place stands for those that found none. A `whole` first tile takes all
 * the room, as a screen wants it; another keeps an aspect between 3:4 and 16:9.
 */
export function arrangeLarge(count: number, width: number, height: number, gap: number, whole: boolean): Arrangement {
  if (width <= 0 || height <= 0) return { boxes: [], more: count, moreBox: null };
  const strip = stripOf(width, height, gap);
  const others = count - 1;
  const room = {
    width: others > 0 && strip.beside ? width - strip.width - gap : width,
    height: others > 0 && !strip.beside ? height - strip.height - gap : height,
  };
  const size = whole ? room : fit(room.width, room.height);
  const large = box((room.width - size.width) / 2, (room.height - size.height) / 2, size.width, size.height);
  const shown = others > strip.places ? strip.places - 1 : others;
  const places = shown === others ? shown : strip.places;
  const span = places * (strip.beside ? strip.height : strip.width) + (places - 1) * gap;
  const start = ((strip.beside ? height : width) - span) / 2;
  const place = (index: number): Box => {
    const along = start + index * ((strip.beside ? strip.height : strip.width) + gap);
    return strip.beside
      ? box(width - strip.width, along, strip.width, strip.height)
      : box(along, height - strip.height, strip.width, strip.height);
  };
  return {
    boxes: [large, ...Array.from({ length: shown }, (_, index) => place(index))],
    more: others - shown,
    moreBox: shown === others ? null : place(shown),
  };
}

function box(x: number, y: number, width: number, height: number): Box {
  return { x: Math.max(0, Math.floor(x)), y: Math.max(0, Math.floor(y)), width: Math.floor(width), height: Math.floor(height) };
}

/** A box as what a style says. */
export function placed({ x, y, width, height }: Box): Record<string, string> {
  return { "--x": `${x}px`, "--y": `${y}px`, "--tile-width": `${width}px`, "--tile-height": `${height}px` };
}
