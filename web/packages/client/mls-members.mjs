/** Members of MLS groups that another program drives: one JSON object a line in, one out (src/testing/mls-members.ts). */
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));
const entry = fileURLToPath(new URL("src/testing/mls-members.ts", import.meta.url));
const { module } = await runnerImport(entry, { root, configFile: false, logLevel: "error" });
await module.serve(process.stdin, process.stdout);
