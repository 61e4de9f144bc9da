import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { precompress } from "./build/precompress.ts";

const out = fileURLToPath(new URL("../../src/segel/server/static", import.meta.url));

/** The client's bundle, which the server serves from its own package. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
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
  },
  plugins: [precompress(out)],
});
