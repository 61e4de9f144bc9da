/** Puts into the service worker what it answers for: the build's files, each with its SHA-256. */

import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Where the page registers it; at the root, so that its scope is the whole page. */
export const SHELL = "shell.js";
/** A file that is larger is fetched when it is needed: nobody is made to load it on the first visit. */
const LARGEST_BYTES = 1_000_000;

function sha256(data: Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Path to hash, in the order of the paths: the same build gives the same worker. */
async function listFiles(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(join(folder, "assets"))).filter((name) => /\.(?:js|css|svg)$/u.test(name)).map((name) => `assets/${name}`);
  const listed: Record<string, string> = { "/": sha256(await readFile(join(folder, "index.html"))) };
  for (const name of [...names, "icon.svg", "manifest.webmanifest"].sort()) {
    const data = await readFile(join(folder, name));
    if (data.length <= LARGEST_BYTES) listed[`/${name}`] = sha256(data);
  }
  return listed;
}

/** Completes `shell.js` in `folder`, where a whole build stands. */
export async function writeShell(folder: string): Promise<void> {
  const files = await listFiles(folder);
  const build = sha256(Buffer.from(JSON.stringify(files))).slice(0, 16);
  const code = await readFile(join(folder, SHELL), "utf8");
  await writeFile(join(folder, SHELL), `const SEGEL_SHELL=${JSON.stringify({ build, files })};\n${code}`);
}
