/** The page's side of the media worker. */

import type { MeetingMedia } from "@segel/client/api";
import type { DropCounts, WorkerCommand, WorkerReport } from "@segel/media-worker";

import { type Owner, ownerOf } from "./owners.js";
import type { Slot } from "./slots.js";
import type { StreamId } from "./state.js";

/** A running media worker, with the meeting's keys. */
export class TransformWorker {
  readonly worker: Worker;
  readonly #media: MeetingMedia;
  #refused = 0;

  /** Hands the meeting's key port over, which can be done once only. */
  constructor(worker: Worker, media: MeetingMedia, onReport: (report: WorkerReport) => void) {
    this.worker = worker;
    this.#media = media;
    worker.onmessage = ({ data }: MessageEvent<WorkerReport>) => {
      this.#countRefused(data.dropped);
      onReport(data);
    };
    this.#tell({ command: "keys", port: media.keyPort }, [media.keyPort]);
  }

  /** Say whose frames each slot may open; a slot without an owner opens none. */
  setOwners(slots: readonly Slot[], owners: ReadonlyMap<StreamId, Owner>): void {
    const leaves = new Map<number, number>();
    for (const { number, kind, stream } of slots) {
      const owner = stream === null ? null : ownerOf({ id: stream, kind }, owners);
      if (owner !== null) leaves.set(number, owner.leaf);
    }
    this.#tell({ command: "owners", owners: leaves });
  }

  close(): void {
    this.worker.terminate();
  }

  #tell(command: WorkerCommand, transfer: Transferable[] = []): void {
    this.worker.postMessage(command, transfer);
  }

  /** For the seal: what others sent and was refused, so without one's own unsent frames. */
  #countRefused(dropped: DropCounts): void {
    const all = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    const refused = all - dropped.unsent;
    if (refused > this.#refused) this.#media.countDropped(refused - this.#refused);
    this.#refused = refused;
  }
}
