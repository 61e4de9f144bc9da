/** Writes `bundle.json`, which names every file of the bundle by its hash (docs/supply-chain.md). */

import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";

const MANIFEST = "bundle.json";
/** What is made of the other files, or of them and this: not a part of what the hashes name. */
const MADE = /\.(?:br|gz)$|^bundle\.json$/;

export interface BundleFile {
  /** Below the bundle's folder, with slashes. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** In hex. */
  readonly sha256: string;
  /** As Subresource Integrity writes it. */
  readonly integrity: string;
}

export interface Manifest {
  readonly version: string;
  /** Of the source; with a plus where it was changed since; empty outside of git. */
  readonly commit: string;
  /** SHA-256 in hex over the files in order: `<sha256>  <path>` and a line feed for each, as sha256sum writes them. */
  readonly bundle: string;
  readonly files: readonly BundleFile[];
}

/** The manifest of the files in a folder, in the order of their paths' code units. */
export async function describe(folder: string, version: string, commit: string): Promise<Manifest> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const kept = paths.filter((path) => !MADE.test(path)).sort((a, b) => (a < b ? -1 : 1));
  const files = await Promise.all(kept.map((path) => describeFile(folder, path)));
  const list = files.map(({ sha256, path }) => `${sha256}  ${path}\n`).join("");
  return { version, commit, bundle: createHash("sha256").update(list).digest("hex"), files };
}

async function describeFile(folder: string, path: string): Promise<BundleFile> {
  const content = await readFile(join(folder, path));
  const hash = (name: string): Buffer => createHash(name).update(content).digest();
  return { path, size: content.length, sha256: hash("sha256").toString("hex"), integrity: `sha384-${hash("sha384").toString("base64")}` };
}

/** The commit that stands in `folder`, if git knows one. */
function commitOf(folder: string): string {
  const git = (...args: string[]): string => execFileSync("git", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    return git("rev-parse", "HEAD") + (git("status", "--porcelain", "--", ".") === "" ? "" : "+");
  } catch {
    return "";
  }
}

/** Describes what stands in `out`, which was built from the folder `source`. */
export async function writeManifest(out: string, source: string): Promise<void> {
  const { version } = JSON.parse(await readFile(join(source, "package.json"), "utf8")) as { version: string };
  const described = await describe(out, version, commitOf(join(source, "..")));
  await writeFile(join(out, MANIFEST), `${JSON.stringify(described, null, 1)}\n`);
}
