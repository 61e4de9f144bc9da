/** Makes `preview.html`: the page of a frame without an origin, whole in one file, that shows a PDF (docs/decisions/0051-pdf.md). */

import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Rollup } from "vite";

export const PREVIEW = "preview.html";

const STYLE = "html,body{margin:0;background:#fff}canvas{display:block;inline-size:100%}";

/** The code of an entry and all that it imports, as a classic script. */
async function bundle(entry: string, define: Record<string, string>): Promise<string> {
  const built = (await build({
    configFile: false,
    logLevel: "warn",
    define,
    build: {
      write: false,
      target: "es2022",
      lib: { entry, formats: ["iife"], name: "segelPreview", fileName: "preview" },
    },
  })) as Rollup.RollupOutput[];
  const [{ output } = { output: [] as never }] = built;
  return output[0].code;
}

async function fonts(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => /\.(?:pfb|ttf)$/u.test(name)).sort();
  const read = names.map(async (name) => [name, (await readFile(join(folder, name))).toString("base64")] as const);
  return Object.fromEntries(await Promise.all(read));
}

function hash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** Writes it into `out`. `app` is the application's folder, `modules` where pdfjs-dist is. */
export async function writePreview(out: string, app: string, modules: string): Promise<void> {
  const given = await fonts(join(modules, "pdfjs-dist/standard_fonts"));
  const worker = await bundle(join(app, "preview/worker.ts"), { FONTS: JSON.stringify(given), "import.meta.url": '""' });
  const code = await bundle(join(app, "preview/frame.ts"), { WORKER: JSON.stringify(worker) });
  const script = code.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
  const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(STYLE)}; worker-src blob:`;
  const page = [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Segel</title>',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    `<style>${STYLE}</style></head><body><canvas aria-hidden="true"></canvas><script>${script}</script></body></html>\n`,
  ];
  await writeFile(join(out, PREVIEW), page.join("\n"));
}
