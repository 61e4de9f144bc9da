/** People without pages. `node headless.mjs start ORIGIN COUNT [SUITE]` or `node headless.mjs join LINK COUNT`; --help says more. */
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));
const entry = fileURLToPath(new URL("src/testing/headless.ts", import.meta.url));
const { module } = await runnerImport(entry, { root, configFile: false, logLevel: "error" });
process.exitCode = await module.main(process.argv.slice(2), process.stdin, process.stdout);
