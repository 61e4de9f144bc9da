/** The bundle follows from its source alone: two builds, of two folders, in two surroundings, are the same. */
import { execFile } from "node:child_process";
import { appendFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Manifest } from "../build/manifest.ts";

const run = promisify(execFile);
const WEB = fileURLToPath(new URL("../..", import.meta.url));

let folder: string;
beforeAll(async () => {
  // Beside the source: hard links, of which node_modules has many, do not leave a file system.
  folder = await mkdtemp(join(dirname(WEB.replace(/\/$/, "")), ".reproduce-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Build a copy of the source at `place`; its manifest. */
async function build(place: string, environment: Record<string, string>): Promise<Manifest> {
  const web = join(folder, place, "web");
  const { PATH } = process.env;
  await run("npx", ["--no-install", "vite", "build", "app"], { cwd: web, env: { PATH, ...environment } });
  return JSON.parse(await readFile(join(folder, place, "src/segel/server/static/bundle.json"), "utf8")) as Manifest;
}

async function copy(place: string): Promise<void> {
  await mkdir(join(folder, place), { recursive: true });
  await run("cp", ["--archive", "--link", WEB, join(folder, place, "web")]);
}

test("two builds at different places, times and settings are one; another source is another", async () => {
  await Promise.all([copy("a"), copy("deeper/and/elsewhere")]);
  const [a, b] = await Promise.all([
    build("a", { HOME: "/nowhere", TZ: "Asia/Jakarta", LANG: "C" }),
    build("deeper/and/elsewhere", { HOME: folder, TZ: "America/Lima", LANG: "de_DE.UTF-8", NODE_ENV: "production" }),
  ]);
  expect(a.files.length).toBeGreaterThan(8);
  expect(a.files.map(({ path }) => path)).toContain("index.html");
  expect(b).toEqual(a);

  const main = join(folder, "a/web/app/src/main.tsx");
  const text = await readFile(main);
  await rm(main); // it is the source's own file, linked
  await appendFile(main, Buffer.concat([text, Buffer.from("console.debug('another');\n")]));
  const another = await build("a", {});
  expect(another.bundle).not.toBe(a.bundle);
}, 60_000);
