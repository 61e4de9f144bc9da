import { defineConfig } from "vite";

/** Builds the client into the Python package, whose server serves it. */
export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: { format: "es" },
  build: {
    target: "es2022",
    outDir: "../../src/segel/server/static",
    emptyOutDir: true,
    sourcemap: true,
  },
});
