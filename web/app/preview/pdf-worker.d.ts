/** The half of pdf.js that reads; it has no types of its own, and is handed on as it is. */
declare module "pdfjs-dist/build/pdf.worker.mjs" {
  export const WorkerMessageHandler: unknown;
}
