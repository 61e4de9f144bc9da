/** Opens and draws a PDF, in a worker of a frame without an origin: whatever is in the file, there is nothing here to reach. */

import * as display from "pdfjs-dist";
import * as reading from "pdfjs-dist/build/pdf.worker.mjs";
import { MOST_PIXELS, MOST_TEXT, type Asked } from "./protocol.js";

declare const FONTS: Readonly<Record<string, string>>;

type Made = { canvas: OffscreenCanvas | null; context: OffscreenCanvasRenderingContext2D | null };

/** Canvases without a document. */
class Canvases {
  create(width: number, height: number): Made {
    const canvas = new OffscreenCanvas(width, height);
    return { canvas, context: canvas.getContext("2d") };
  }

  reset({ canvas }: Made, width: number, height: number): void {
    if (canvas === null) return;
    canvas.width = width;
    canvas.height = height;
  }

  destroy(made: Made): void {
    made.canvas = null;
    made.context = null;
  }
}

/** SVG filters need a document: transfer functions and masks of luminosity are drawn without them. */
class Filters {
  addFilter(): string { return "none"; }
  addHCMFilter(): string { return "none"; }
  addAlphaFilter(): string { return "none"; }
  addLuminosityFilter(): string { return "none"; }
  addHighlightHCMFilter(): string { return "none"; }
  destroy(): void { /* nothing is kept */ }
}

/** The fourteen fonts that a PDF may name without bringing them. */
class Fonts {
  fetch({ filename }: { filename: string }): Promise<Uint8Array> {
    const encoded = FONTS[filename];
    if (encoded === undefined) return Promise.reject(new Error("no such font"));
    return Promise.resolve(Uint8Array.from(atob(encoded), (sign) => sign.charCodeAt(0)));
  }
}

(globalThis as { pdfjsWorker?: unknown }).pdfjsWorker = reading;

type Document = Awaited<ReturnType<typeof display.getDocument>["promise"]>;

let opened: Document | null = null;

async function open(data: ArrayBuffer): Promise<number> {
  opened = await display.getDocument({
    data,
    CanvasFactory: Canvases,
    FilterFactory: Filters,
    StandardFontDataFactory: Fonts,
    standardFontDataUrl: "fonts/",
    useWorkerFetch: false,
    useWasm: false,
    useSystemFonts: false,
    disableFontFace: true,
    isEvalSupported: false,
    enableXfa: false,
    stopAtErrors: false,
    maxImageSize: 40_000_000,
    canvasMaxAreaInBytes: 4 * 40_000_000,
    verbosity: 0,
  }).promise;
  return opened.numPages;
}

async function draw(number: number, wanted: number): Promise<{ bitmap: ImageBitmap; text: string }> {
  if (opened === null) throw new Error("nothing is open");
  const page = await opened.getPage(number);
  const natural = page.getViewport({ scale: 1 });
  const fits = Math.sqrt(MOST_PIXELS / (natural.width * natural.height));
  const viewport = page.getViewport({ scale: Math.min(wanted / natural.width, fits) });
  const canvas = new OffscreenCanvas(Math.max(1, Math.floor(viewport.width)), Math.max(1, Math.floor(viewport.height)));
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  await page.render({
    canvas: null,
    canvasContext: context as unknown as CanvasRenderingContext2D,
    viewport,
    annotationMode: display.AnnotationMode.DISABLE,
    background: "white",
  }).promise;
  const { items } = await page.getTextContent();
  const text = items.map((item) => ("str" in item ? item.str + (item.hasEOL ? "\n" : "") : "")).join("").slice(0, MOST_TEXT);
  page.cleanup();
  return { bitmap: canvas.transferToImageBitmap(), text };
}

async function answer(asked: Asked): Promise<void> {
  if ("open" in asked) return postMessage({ pages: await open(asked.open) });
  const { bitmap, text } = await draw(asked.page, asked.width);
  postMessage({ drawn: asked.page, bitmap, text }, { transfer: [bitmap] });
}

addEventListener("message", ({ data }: MessageEvent<Asked>) => {
  if (!("open" in data) && !("page" in data)) return;
  answer(data).catch((error: unknown) => {
    postMessage({ failed: error instanceof Error && error.name === "PasswordException" ? "locked" : "broken" });
  });
});
