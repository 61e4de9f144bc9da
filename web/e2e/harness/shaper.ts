/** A narrow network between a page and the relay: `segel.testing.shaper` as a process. */
import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

const PYTHON = resolve(import.meta.dirname, "../../../.venv/bin/python");

/** What passes in either direction, in bits per second over half a second. */
export interface Rates {
  /** What the client sent, whether it passed or not. */
  readonly offered: number;
  readonly up: number;
  readonly down: number;
}

/** Forwards UDP to one port of this machine under conditions that a test changes. */
export class Shaper {
  readonly port: number;
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  private constructor(port: number, process: ChildProcessByStdio<Writable, Readable, null>, lines: AsyncIterator<string>) {
    this.port = port;
    this.#process = process;
    this.#lines = lines;
  }

  /** Starts one in front of a UDP port. */
  static async before(port: number): Promise<Shaper> {
    const args = ["-m", "segel.testing.shaper", "--to", `127.0.0.1:${port}`];
    const process = spawn(PYTHON, args, { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    return new Shaper((JSON.parse(first.value as string) as { port: number }).port, process, lines);
  }

  /** Changes what both directions are like; `rate` in bits per second. */
  set(conditions: { readonly rate?: number; readonly delay?: number; readonly loss?: number }): void {
    this.#process.stdin.write(`${JSON.stringify(conditions)}\n`);
  }

  /** The rates of the next half second. */
  async rates(): Promise<Rates> {
    return JSON.parse((await this.#lines.next()).value as string) as Rates;
  }

  /** Ends it. */
  async close(): Promise<void> {
    this.#process.kill();
    await once(this.#process, "exit");
  }
}

/** A UDP port that nobody uses now. */
export async function freePort(): Promise<number> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return port;
}

/** Runs in the page, before its scripts: sends its media by way of another port than the relay's answer names. */
export function redirect(port: number): void {
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    override async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      const sdp = (description.sdp ?? "").replace(/(a=candidate:\d+ 1 udp \d+ 127\.0\.0\.1) \d+/g, `$1 ${port}`);
      await super.setRemoteDescription({ type: description.type, sdp });
    }
  };
}
