/** PDFs for tests, written by hand: good ones, and such as somebody with bad intentions makes. */
import { deflateSync } from "node:zlib";

/** What a sample says and does. */
export interface PdfOptions {
  /** The text of each page. */
  readonly pages: readonly string[];
  /** Points: width and height of every page. */
  readonly size?: readonly [number, number];
  /** More entries of the catalogue: an action on opening, say. */
  readonly catalogue?: string;
  /** More entries of each page: annotations, say. */
  readonly page?: string;
  /** What stands in for the page's content. */
  readonly content?: Buffer;
}

/** A PDF 1.7 with a black bar and a line of Helvetica, which it does not bring, on every page. */
export function pdf({ pages, size = [300, 400], catalogue = "", page = "", content }: PdfOptions): Uint8Array<ArrayBuffer> {
  const objects: Buffer[] = [];
  const add = (body: string | Buffer): number => objects.push(Buffer.from(body));
  const first = 4;
  add(`<< /Type /Catalog /Pages 2 0 R ${catalogue} >>`);
  add(`<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, i) => `${first + 2 * i} 0 R`).join(" ")}] >>`);
  add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
  for (const [i, text] of pages.entries()) {
    add(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${size.join(" ")}] /Resources << /Font << /F 3 0 R >> >> /Contents ${first + 2 * i + 1} 0 R ${page} >>`);
    const drawing = deflateSync(content ?? Buffer.from(`0 0 0 rg 20 200 260 60 re f BT /F 24 Tf 20 300 Td (${text}) Tj ET`));
    add(Buffer.concat([Buffer.from(`<< /Length ${drawing.length} /Filter /FlateDecode >>\nstream\n`), drawing, Buffer.from("\nendstream")]));
  }
  return assemble(objects);
}

function assemble(objects: readonly Buffer[]): Uint8Array<ArrayBuffer> {
  const parts: Buffer[] = [Buffer.from("%PDF-1.7\n")];
  const offsets: number[] = [];
  const length = (): number => parts.reduce((sum, part) => sum + part.length, 0);
  for (const [i, body] of objects.entries()) {
    offsets.push(length());
    parts.push(Buffer.from(`${i + 1} 0 obj\n`), body, Buffer.from("\nendobj\n"));
  }
  const table = length();
  const rows = offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  const end = `trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  parts.push(Buffer.from(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}${end}`));
  return Uint8Array.from(Buffer.concat(parts));
}
