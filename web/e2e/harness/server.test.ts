import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { TestServer } from "./server.ts";

/** Stands in for `segel serve`: the same arguments and line of readiness, and nothing else. */
const STAND_IN = `
  const port = Number(process.argv[process.argv.indexOf("--port") + 1]);
  const server = require("node:http").createServer((_, answer) => answer.end(String(process.pid)));
  server.listen(port, "127.0.0.1", () =>
    console.log("segel: serving http://127.0.0.1:" + server.address().port));`;
const options = { program: process.execPath, leading: ["-e", STAND_IN, "--"] };

const answer = async (url: string): Promise<string> => (await fetch(url)).text();

test("a server killed at once comes back on its port with its data", async () => {
  const server = await TestServer.start(options);
  const { url, data, pid } = server;
  expect(await answer(url)).toBe(String(pid));
  await server.kill();
  await expect(answer(url)).rejects.toThrow();
  await server.restart();
  expect([server.url, server.data]).toEqual([url, data]);
  expect(await answer(url)).not.toBe(String(pid));
  await server.stop();
  expect(existsSync(data)).toBe(false);
});

test("a server that ends before it is ready fails with its last words", async () => {
  const program = { program: process.execPath, leading: ["-e", "console.error('no disk')", "--"] };
  await expect(TestServer.start(program)).rejects.toThrow(/no disk/);
});
