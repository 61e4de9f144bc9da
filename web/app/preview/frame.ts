/** The frame without an origin in which a PDF is shown: it passes bytes to its worker, and puts on its canvas what comes back. */

import { PATIENCE, type Asked, type Told } from "./protocol.js";

declare const WORKER: string;

const canvas = document.querySelector("canvas") as HTMLCanvasElement;
const screen = canvas.getContext("bitmaprenderer");
const worker = new Worker(URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" })));
let late: ReturnType<typeof setTimeout> | undefined;

function tell(told: Told): void {
  // The page's origin is not known here, and nothing of this is anybody else's.
  parent.postMessage(told, "*");
}

function fail(failed: "broken" | "locked" | "slow"): void {
  clearTimeout(late);
  worker.terminate();
  tell({ failed });
}

type Done = { pages: number } | { drawn: number; bitmap: ImageBitmap; text: string } | { failed: "broken" | "locked" };

worker.onmessage = ({ data }: MessageEvent<Done>) => {
  if ("failed" in data) return fail(data.failed);
  if (!("pages" in data) && !("bitmap" in data)) return;
  clearTimeout(late);
  if ("pages" in data) return tell(data);
  const { bitmap, drawn, text } = data;
  const { width, height } = bitmap;
  canvas.width = width;
  canvas.height = height;
  screen?.transferFromImageBitmap(bitmap);
  tell({ drawn, width, height, text });
};
worker.onerror = () => fail("broken");

addEventListener("message", ({ data, source }: MessageEvent<Asked>) => {
  if (source !== parent) return;
  clearTimeout(late);
  late = setTimeout(() => fail("slow"), PATIENCE);
  worker.postMessage(data, "open" in data ? [data.open] : []);
});

tell({ ready: true });
