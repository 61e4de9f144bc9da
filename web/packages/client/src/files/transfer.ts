/** What all transfers do alike: asking the server for a blob by HTTP (docs/protocol/blobs.md), and waiting until it answers. */
import { toBase64Url } from "../bytes.js";
import type { FileProblem } from "../state.js";
import type { Surroundings } from "../runtime/surroundings.js";

const FIRST_WAIT = 250;
const LONGEST_WAIT = 8_000;

/** A transfer that will not go on by itself. */
export class Failed extends Error {
  override name = "Failed";
  readonly problem: FileProblem;

  constructor(problem: FileProblem) {
    super(problem);
    this.problem = problem;
  }
}

/** A blob at a server, with the secret that it is asked for by. */
export interface Place {
  readonly origin: string;
  readonly name: Uint8Array;
  /** The read capability, or the write token. */
  readonly secret: Uint8Array;
}

/** Ask for the blob. Rejects where the server is not reached, and with AbortError. */
export function ask(place: Place, method: string, headers: Record<string, string>, signal: AbortSignal, body?: Blob): Promise<Response> {
  const url = `${place.origin}/v1/blobs/${toBase64Url(place.name)}`;
  const authorized = { ...headers, Authorization: `Bearer ${toBase64Url(place.secret)}` };
  // A redirect would lead to what this page never asked for.
  return fetch(url, { method, headers: authorized, signal, body: body ?? null, cache: "no-store", credentials: "omit", redirect: "error", referrerPolicy: "no-referrer" });
}

/** Waits that double until something went well. */
export class Patience {
  readonly #around: Surroundings;
  #failures = 0;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** It went on: the next wait is short. */
  reset(): void {
    this.#failures = 0;
  }

  /** Wait; at once where the machine says that it is online again. Rejects when aborted. `least` is in milliseconds. */
  wait(signal: AbortSignal, least = 0): Promise<void> {
    const pause = Math.max(least, Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures));
    this.#failures += 1;
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => (): void => {
        cancel();
        endOnline();
        signal.removeEventListener("abort", aborted);
        settle();
      };
      const aborted = end(() => reject(new DOMException("aborted", "AbortError")));
      const cancel = this.#around.after(pause, end(resolve));
      const endOnline = this.#around.onOnline(end(resolve));
      if (signal.aborted) aborted();
      else signal.addEventListener("abort", aborted);
    });
  }
}

/** Milliseconds that the answer asks to wait. */
export function retryAfter(answer: Response): number {
  const seconds = Number(answer.headers.get("Retry-After"));
  return Number.isFinite(seconds) ? Math.min(60, Math.max(0, seconds)) * 1000 : 0;
}
