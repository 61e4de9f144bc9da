/**
 * Builds of the client that do not hold what it promises, for one purpose: every test of such a promise must
 * fail on one of them. They live here and nowhere in the product.
 */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "vite";
import type { Plugin } from "vite";

const HERE = import.meta.dirname;
const PACKAGES = resolve(HERE, "../../packages");

/** Files of the product, and what stands in their places. */
type Replaced = Readonly<Record<string, string>>;

const UNSEALED: Replaced = {
  [join(PACKAGES, "client/src/meeting/link.ts")]: join(HERE, "link.ts"),
  [join(PACKAGES, "client/src/suites/hpke.ts")]: join(HERE, "hpke.ts"),
  [join(PACKAGES, "media-worker/src/sealer.ts")]: join(HERE, "sealer.ts"),
  [join(PACKAGES, "media-worker/src/opener.ts")]: join(HERE, "opener.ts"),
};
const LASTING: Replaced = {
  [join(PACKAGES, "client/src/group/exports.ts")]: join(HERE, "exports.ts"),
};

const CREDULOUS: Replaced = {
  [join(PACKAGES, "client/src/files/name.ts")]: join(HERE, "name.ts"),
  [join(PACKAGES, "client/src/files/picture.ts")]: join(HERE, "picture.ts"),
};

/** Takes others' files for what they claim: names as they come, pictures of any kind and size. */
export async function buildCredulous(): Promise<string> {
  return buildWith(CREDULOUS);
}

/** Does not seal, and lets the link's secret out. */
export async function buildUnsealed(): Promise<string> {
  return buildWith(UNSEALED);
}

/** Seals frames under one key for all of a group's epochs. */
export async function buildLasting(): Promise<string> {
  return buildWith(LASTING);
}

function replace(files: Replaced, done: Set<string>): Plugin {
  return {
    name: "replace",
    enforce: "pre",
    async resolveId(source, importer) {
      if (importer === undefined || importer.startsWith(HERE)) return null;
      const found = await this.resolve(source, importer, { skipSelf: true });
      const other = files[found?.id ?? ""];
      if (other === undefined) return null;
      done.add(other);
      return other;
    },
  };
}

/** Builds the app with other files into a new folder, and returns that. Throws if a file was not found. */
async function buildWith(files: Replaced): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), "segel-unsealed-"));
  const done = new Set<string>();
  await build({
    root: resolve(HERE, "../../app"),
    configFile: false,
    logLevel: "warn",
    base: "/",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    worker: { format: "es", plugins: () => [replace(files, done)] },
    build: { outDir, emptyOutDir: true, target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    plugins: [replace(files, done)],
  });
  if (done.size !== Object.keys(files).length) throw new Error("a file of the product was not found");
  return outDir;
}
