/** Rows of the log as they come in, until it is their turn: answers and events may overtake each other. */
import type { Child, Row } from "@segel/wire";

/** A message under `node`, or the commit that makes a child of `node`. */
export type LogItem =
  | { readonly kind: "row"; readonly node: Uint8Array; readonly row: Row }
  | { readonly kind: "child"; readonly node: Uint8Array; readonly child: Child };

export class Rows {
  readonly #items = new Map<number, LogItem>();

  put(item: LogItem): void {
    this.#items.set((item.kind === "row" ? item.row : item.child).receipt.position, item);
  }

  /** Take out the first item at or before the position that follows `position`; null where it is not there yet. */
  takeAfter(position: number): LogItem | null {
    for (const [at, item] of this.#items) {
      if (at > position + 1) continue;
      this.#items.delete(at);
      return item;
    }
    return null;
  }

  /** Whether something waits for a row that is missing. */
  get waiting(): boolean {
    return this.#items.size > 0;
  }

  clear(): void {
    this.#items.clear();
  }
}
