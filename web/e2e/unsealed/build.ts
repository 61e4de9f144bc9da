/**
 * A build of the client that does not seal, and lets the link's secret out, for one purpose: every test that
 * says that the server cannot read must fail on it. It lives here and nowhere in the product.
 */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "vite";
import type { Plugin } from "vite";

const HERE = import.meta.dirname;
const PACKAGES = resolve(HERE, "../../packages");
const REPLACED: Readonly<Record<string, string>> = {
  [join(PACKAGES, "client/src/meeting/link.ts")]: join(HERE, "link.ts"),
  [join(PACKAGES, "client/src/suites/hpke.ts")]: join(HERE, "hpke.ts"),
  [join(PACKAGES, "media-worker/src/sealer.ts")]: join(HERE, "sealer.ts"),
  [join(PACKAGES, "media-worker/src/opener.ts")]: join(HERE, "opener.ts"),
};

function unseal(replaced: Set<string>): Plugin {
  return {
    name: "unseal",
    enforce: "pre",
    async resolveId(source, importer) {
      if (importer === undefined || importer.startsWith(HERE)) return null;
      const found = await this.resolve(source, importer, { skipSelf: true });
      const other = REPLACED[found?.id ?? ""];
      if (other === undefined) return null;
      replaced.add(other);
      return other;
    },
  };
}

/** Builds the app without its seal into a new folder, and returns that. Throws if a part was not found. */
export async function buildUnsealed(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), "segel-unsealed-"));
  const replaced = new Set<string>();
  await build({
    root: resolve(HERE, "../../app"),
    configFile: false,
    logLevel: "warn",
    base: "/",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    worker: { format: "es", plugins: () => [unseal(replaced)] },
    build: { outDir, emptyOutDir: true, target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    plugins: [unseal(replaced)],
  });
  if (replaced.size !== Object.keys(REPLACED).length) throw new Error("a seal of the product was not found");
  return outDir;
}
