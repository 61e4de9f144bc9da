/** Builds the platform tests' page as the app is built, and serves it as strictly. */
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { serveFiles } from "../harness/site.ts";
import type { Site } from "../harness/site.ts";

/** The policy under which the worker, the camera and WebRTC must work. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "media-src blob:",
  "require-trusted-types-for 'script'",
  "trusted-types segel",
].join("; ");

/** Builds with vite into a temporary folder, and serves what came of it on the loopback. */
export async function servePlatform(): Promise<Site> {
  const outDir = await mkdtemp(join(tmpdir(), "segel-platform-"));
  await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: "warn",
    worker: { format: "es" },
    build: { outDir, emptyOutDir: true, target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  });
  const files: Record<string, Uint8Array | string> = { "/icon.svg": `<svg xmlns="http://www.w3.org/2000/svg"/>` };
  for (const entry of await readdir(outDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[path.slice(outDir.length)] = await readFile(path);
  }
  files["/"] = files["/index.html"] ?? "";
  await rm(outDir, { recursive: true });
  return serveFiles(files, { "Content-Security-Policy": POLICY });
}
