/** A real server in a process of its own, on a free port and a folder of its own. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const SEGEL = fileURLToPath(new URL("../../../../.venv/bin/segel", import.meta.url));
const run = promisify(execFile);
const STARTS_WITHIN = 20_000;

export class Server {
  readonly origin: string;
  readonly #port: number;
  readonly #data: string;
  #process: ChildProcess | null = null;

  private constructor(port: number, data: string) {
    this.#port = port;
    this.#data = data;
    this.origin = `http://127.0.0.1:${port}`;
  }

  /** A server that answers. */
  static async start(): Promise<Server> {
    const server = new Server(await freePort(), await mkdtemp(join(tmpdir(), "segel-test-")));
    await server.up();
    return server;
  }

  /** Let it stand still, with its connections open, or go on. */
  freeze(frozen: boolean): void {
    this.#process?.kill(frozen ? "SIGSTOP" : "SIGCONT");
  }

  /** Start it, with the data that it had. */
  async up(): Promise<void> {
    const args = ["serve", "--host", "127.0.0.1", "--port", String(this.#port), "--data", this.#data, "--media-port", "0", "--log-level", "warning"];
    const running = spawn(SEGEL, args, { stdio: ["ignore", "ignore", "inherit"] });
    this.#process = running;
    const ended = new Promise<never>((_, reject) => running.once("exit", (code) => reject(new Error(`the server ended: ${code}`))));
    ended.catch(() => undefined);
    await Promise.race([this.#healthy(), ended]);
  }

  /** SIGKILL: no chance to tidy up. Resolves when it is dead. */
  async kill(): Promise<void> {
    const running = this.#process;
    if (running === null || running.exitCode !== null) return;
    const dead = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGKILL");
    await dead;
    this.#process = null;
  }

  /** Back it up, while it runs. */
  async backUp(file: string): Promise<void> {
    await run(SEGEL, ["backup", "--data", this.#data, file]);
  }

  /** Lose its disk, put a backup back and start again. */
  async restore(file: string): Promise<void> {
    await this.kill();
    await rm(this.#data, { recursive: true });
    await run(SEGEL, ["restore", file, "--data", this.#data]);
    await this.up();
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#data, { recursive: true, force: true });
  }

  async #healthy(): Promise<void> {
    const until = Date.now() + STARTS_WITHIN;
    while (Date.now() < until) {
      const answer = await fetch(`${this.origin}/v1/health`).catch(() => null);
      if (answer?.ok === true) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("the server does not answer");
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}
