/** What the page and its sandboxed frame say to each other. Neither believes the other's shapes. */

/** From the page: the document's bytes, once; then which page is to be drawn, and how wide it is shown, in device pixels. */
export type Asked = { readonly open: ArrayBuffer } | { readonly page: number; readonly width: number };

/** From the frame. `text` is what the page says, for who cannot see it. */
export type Told =
  | { readonly ready: true }
  | { readonly pages: number }
  | { readonly drawn: number; readonly width: number; readonly height: number; readonly text: string }
  | { readonly failed: "broken" | "locked" | "slow" };

/** Milliseconds for opening a document, or drawing a page. */
export const PATIENCE = 15_000;
/** Greatest area of a drawn page, in pixels. */
export const MOST_PIXELS = 8_000_000;
/** Greatest length of a page's text that is handed on. */
export const MOST_TEXT = 50_000;
