import { defineConfig } from "vitest/config";

/** Real browsers against a real server, one file after another: two cores carry one call. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    environment: "node",
    fileParallelism: false,
    allowOnly: false,
    retry: 0,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
