import { defineConfig } from "vitest/config";

/** The packages' and the app's own tests, in Node. Real browsers are e2e's. */
export default defineConfig({
  test: {
    include: ["packages/*/test/**/*.test.ts", "app/test/**/*.test.{ts,tsx}"],
    environment: "node",
    // On two cores it would take one of them.
    maxWorkers: 2,
    dangerouslyIgnoreUnhandledErrors: false,
    allowOnly: false,
    retry: 0,
  },
});
