import { defineConfig } from "vitest/config";

/** Measurements, run by `python -m bench.meeting` alone: no test belongs here. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*.measure.ts"],
    environment: "node",
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 60_000,
  },
});
