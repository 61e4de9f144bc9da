import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { writeManifest } from "./build/manifest.ts";
import { precompress } from "./build/precompress.ts";
import { writePreview } from "./build/preview.ts";
import { SHELL, writeShell } from "./build/shell.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = fileURLToPath(new URL("../../src/segel/server/static", import.meta.url));

const modules = fileURLToPath(new URL("../node_modules", import.meta.url));

/** What is done with all files of the build, once they are written. */
const finish: Plugin = {
  name: "segel-finish",
  apply: "build",
  async closeBundle() {
    await writePreview(out, here, modules);
    await writeShell(out);
    await precompress(out);
    await writeManifest(out, here);
  },
};

/** The client's bundle, which the server serves from its own package. */
export default defineConfig({
  root: here,
  // Served under "/" and "/m" alike.
  base: "/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: { format: "es" },
  build: {
    outDir: out,
    emptyOutDir: true,
    target: "es2022",
    sourcemap: false,
    // A data: URL would need a wider Content-Security-Policy; the polyfill would be an inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: `${here}index.html`, shell: `${here}src/shell/worker.ts` },
      // A service worker's address stays: by it the browser knows that a new build is one of the same page.
      output: { entryFileNames: ({ name }) => (name === "shell" ? SHELL : "assets/[name]-[hash].js") },
    },
  },
  plugins: [finish],
});
