/** A real Segel server as its own process: started, killed and started again by tests. */
import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const ROOT = resolve(import.meta.dirname, "../../..");
/** The command line under test. */
export const PROGRAM = join(ROOT, ".venv/bin/segel");
const READY = /^segel: serving (http:\/\/\S+:(\d+))/;
/** How long a start, and a polite stop, may last, in milliseconds. */
const PATIENCE = 20_000;

/** `args` are added to `segel serve`; `program` and `leading` put another program in its place. */
export interface ServerOptions {
  readonly args?: readonly string[];
  readonly program?: string;
  readonly leading?: readonly string[];
}

/** A server on a free port of the loopback, with data in a temporary folder. */
export class TestServer {
  readonly #data: string;
  readonly #options: ServerOptions;
  readonly #log: string[] = [];
  #process: ChildProcess | undefined;
  #url = "";
  #port = 0;

  private constructor(data: string, options: ServerOptions) {
    this.#data = data;
    this.#options = options;
  }

  /** Starts a server; throws an Error that holds its log when it does not come up. */
  static async start(options: ServerOptions = {}): Promise<TestServer> {
    const server = new TestServer(await mkdtemp(join(tmpdir(), "segel-e2e-")), options);
    try {
      await server.#spawn();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** "http://127.0.0.1:PORT"; stays the same over restarts. */
  get url(): string {
    return this.#url;
  }

  /** The folder that holds all that this server stores. */
  get data(): string {
    return this.#data;
  }

  /** Every line on stdout and stderr so far. */
  get log(): readonly string[] {
    return this.#log;
  }

  /** The running process's id, for measurements. Throws when there is none. */
  get pid(): number {
    if (this.#process?.pid === undefined) throw new Error("the server is not running");
    return this.#process.pid;
  }

  /** Ends the process at once, as a power cut does (SIGKILL). */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** From now on nothing more fits on the running process's disk; the next one has room again. */
  async fillDisk(): Promise<void> {
    await promisify(execFile)("prlimit", ["--pid", String(this.pid), "--fsize=1"]);
  }

  /** Stops the process politely and keeps its data, to be looked at. */
  async halt(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** Starts again on the same port and data, after {@link TestServer.kill} or by itself. */
  async restart(): Promise<void> {
    await this.#end("SIGTERM");
    await this.#spawn();
  }

  /** Stops the process and removes its data; kills it when it does not stop in 20 s. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
    await rm(this.#data, { recursive: true, force: true });
  }

  async #spawn(): Promise<void> {
    const program = this.#options.program ?? PROGRAM;
    if (!existsSync(program)) throw new Error(`${program} is missing: run make setup`);
    const serve = ["serve", "--port", String(this.#port), "--data", this.#data];
    const args = [...(this.#options.leading ?? []), ...serve, ...(this.#options.args ?? [])];
    const child = spawn(program, args, { cwd: ROOT, env: { ...process.env, PYTHONPATH: join(ROOT, "src") }, stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    const ready = new Promise<void>((found) => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on("line", (line) => {
          this.#log.push(line);
          const match = READY.exec(line);
          if (match?.[1] === undefined) return;
          this.#url = match[1];
          this.#port = Number(match[2]);
          found();
        });
      }
    });
    await this.#orFail(ready, child);
  }

  async #orFail(ready: Promise<void>, child: ChildProcess): Promise<void> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), PATIENCE);
    try {
      await Promise.race([
        ready,
        once(child, "exit", { signal: late.signal }).then(() => {
          throw new Error("the server ended");
        }),
      ]);
    } catch (error) {
      child.kill("SIGKILL");
      throw new Error(`the server did not start:\n${this.#log.slice(-30).join("\n")}`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  async #end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
    await ended;
    clearTimeout(timer);
  }
}
