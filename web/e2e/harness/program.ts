/** A program of the Python side in a process of its own: what is typed into it, and what it prints. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const ROOT = resolve(import.meta.dirname, "../../..");
const PYTHON = join(ROOT, ".venv/bin/python");
/** What `segel` is, without the console script of another checkout. */
const SEGEL = ["-c", "from segel.apps.cli import main; main()"];
/** Milliseconds that a wait lasts before it fails. */
const PATIENCE = 20_000;

export class Program {
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #ended: Promise<unknown>;

  private constructor(args: readonly string[], environment: Readonly<Record<string, string>>) {
    const env = { ...process.env, PYTHONPATH: join(ROOT, "src"), PYTHONUNBUFFERED: "1", ...environment };
    this.#process = spawn(PYTHON, args, { cwd: ROOT, env, stdio: ["pipe", "pipe", "pipe"] });
    this.#ended = once(this.#process, "close");
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        this.#lines.push(line);
        for (const look of this.#waiting) look();
      });
    }
  }

  /** `segel` with these arguments. */
  static segel(...args: string[]): Program {
    return new Program([...SEGEL, ...args], {});
  }

  /** A program of docs/lessons. */
  static lesson(name: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Program {
    return new Program([join(ROOT, `docs/lessons/${name}.py`), ...args], environment);
  }

  /** All that it printed so far. */
  get printed(): string {
    return this.#lines.join("\n");
  }

  type(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  /** What matched first of all that it prints, now or later. Rejects with what it printed. */
  async prints(what: RegExp): Promise<RegExpExecArray> {
    return new Promise((found, failed) => {
      const look = (): void => {
        const match = what.exec(this.printed);
        if (match === null) return;
        this.#waiting.delete(look);
        clearTimeout(late);
        found(match);
      };
      const late = setTimeout(() => {
        this.#waiting.delete(look);
        failed(new Error(`nothing like ${what.source} in:\n${this.printed}`));
      }, PATIENCE);
      this.#waiting.add(look);
      look();
    });
  }

  /** Its exit status, once it has ended by itself. */
  async ends(): Promise<number | null> {
    await this.#ended;
    return this.#process.exitCode;
  }

  /** Ends it if it still runs. */
  async stop(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#ended;
  }
}
