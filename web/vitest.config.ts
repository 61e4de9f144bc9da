import { defineConfig } from "vitest/config";

/** The packages' and the app's own tests, in Node. Real browsers are e2e's. */
export default defineConfig({
  test: {
    include: ["packages/*/test/**/*.test.ts", "app/test/**/*.test.{ts,tsx}"],
    environment: "node",
    dangerouslyIgnoreUnhandledErrors: false,
    allowOnly: false,
    retry: 0,
  },
});
