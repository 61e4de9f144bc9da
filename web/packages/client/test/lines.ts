/** Lines to a server on which messages come late, in order: for who hears of things after others did. */
import type { Socket, Surroundings } from "../src/runtime/surroundings.js";
import { nodeSurroundings } from "../src/testing/node.js";

/** One direction of a line. What is held comes when it is released. */
export class Gate {
  readonly #held: (() => void)[] = [];
  #open = true;
  #arrived: () => void = () => undefined;

  hold(): void {
    this.#open = false;
  }

  release(): void {
    this.#open = true;
    for (const pass of this.#held.splice(0)) pass();
  }

  pass(message: () => void): void {
    if (this.#open) return message();
    this.#held.push(message);
    this.#arrived();
  }

  /** Resolves with the next message that is held. */
  next(): Promise<void> {
    return new Promise((resolve) => (this.#arrived = resolve));
  }
}

/** Surroundings whose messages pass the gates. */
export function gated(heard: Gate, said: Gate): Surroundings {
  return between((receive) => heard.pass(receive), (send) => said.pass(send));
}

/** Surroundings to which what the server says comes up to so many milliseconds late, each time others. */
export function lagging(most: number): Surroundings {
  let free = 0;
  return between(
    (receive) => {
      free = Math.max(free, Date.now() + Math.random() * most);
      setTimeout(receive, free - Date.now());
    },
    (send) => send(),
  );
}

type Passing = (message: () => void) => void;

function between(heard: Passing, said: Passing): Surroundings {
  const around = nodeSurroundings();
  return { ...around, connect: (url) => passing(around.connect(url), heard, said) };
}

function passing(socket: Socket, heard: Passing, said: Passing): Socket {
  const passed: Socket = {
    binaryType: "",
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send: (data) => said(() => socket.send(data)),
    close: () => socket.close(),
  };
  socket.binaryType = "arraybuffer";
  socket.onopen = () => passed.onopen?.();
  socket.onmessage = (event) => heard(() => passed.onmessage?.(event));
  socket.onclose = () => passed.onclose?.();
  socket.onerror = () => passed.onerror?.();
  return passed;
}
