/** A real server with `segel.testing.wiretap` on it, and questions to what was recorded. */
import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { fakeMedia } from "./media.ts";
import { TestServer } from "./server.ts";

const PYTHON = resolve(import.meta.dirname, "../../../.venv/bin/python");
const MODULE = ["-m", "segel.testing.wiretap"];

/** One question to the recording, as `segel.testing.wiretap check` prints it. */
export interface Verdict {
  readonly question: string;
  readonly found: readonly string[];
  readonly sealed: boolean;
}

/** What to ask: any of it. `after` is an earlier {@link Wiretap.copy}, whose frames are left out. */
export interface Questions {
  readonly texts?: readonly string[];
  readonly secrets?: readonly Uint8Array[];
  /** Whether the film and the speech of the fake devices are to be looked for. */
  readonly media?: boolean;
  /** SFrame base keys. */
  readonly keys?: readonly Uint8Array[];
  readonly after?: string;
}

export class Wiretap {
  readonly server: TestServer;
  readonly #folder: string;
  readonly #client: string | null;

  private constructor(server: TestServer, folder: string, client: string | null) {
    this.server = server;
    this.#folder = folder;
    this.#client = client;
  }

  /** Starts a server on which everything is recorded; `client` is another build of the web client. */
  static async start(client: string | null = null): Promise<Wiretap> {
    const root = await mkdtemp(join(tmpdir(), "segel-tap-"));
    const other = client === null ? [] : ["--client", client];
    const folder = join(root, "recording");
    const leading = [...MODULE, "record", ...other, folder, "--"];
    const server = await TestServer.start({ program: PYTHON, leading, args: ["--media-port", "0"] });
    return new Wiretap(server, folder, client);
  }

  /** What is recorded so far, in a folder of its own. */
  async copy(): Promise<string> {
    const folder = await mkdtemp(join(this.#folder, "../copy-"));
    await cp(this.#folder, folder, { recursive: true });
    return folder;
  }

  /** The answers, in the order of the wiretap's questions. */
  async check({ texts = [], secrets = [], media = false, keys = [], after }: Questions): Promise<readonly Verdict[]> {
    const { y4m180, wav } = await fakeMedia();
    const out = await this.#ask([
      "check",
      this.#folder,
      ...["--data", this.server.data],
      ...texts.flatMap((text) => ["--marker", text]),
      ...secrets.flatMap((secret) => ["--secret", hex(secret)]),
      ...(media ? ["--film", y4m180, "--speech", wav] : []),
      ...keys.flatMap((key) => ["--key", hex(key)]),
      ...(after === undefined ? [] : ["--after", after]),
    ]);
    return out.map((line) => JSON.parse(line) as Verdict);
  }

  /** The rows and inbox items on the disk of the server, which was halted: ciphertext of the group's. */
  async rows(): Promise<readonly Uint8Array[]> {
    return (await this.#ask(["rows", this.server.data])).map((line) => Uint8Array.from(Buffer.from(line, "hex")));
  }

  /** Stops the server and removes all that was recorded and stored, and the other build. */
  async forget(): Promise<void> {
    await this.server.stop();
    await rm(join(this.#folder, ".."), { recursive: true, force: true });
    if (this.#client !== null) await rm(this.#client, { recursive: true, force: true });
  }

  async #ask(args: readonly string[]): Promise<readonly string[]> {
    const { stdout } = await promisify(execFile)(PYTHON, [...MODULE, ...args], { maxBuffer: 1 << 26 });
    return stdout.trim().split("\n");
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
