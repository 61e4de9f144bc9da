/** A meeting's side of its media: what the relay is told and tells, and who gets the keys (docs/protocol/media.md). */
import type { Event, Stream } from "@segel/wire";
import type { EpochKey, RelayAnswer, RelayEvent, TrackRole } from "../api.js";
import { Away } from "../runtime/transport.js";
import { QUIET, type MediaState } from "../state.js";
import type { Call } from "./ground.js";
import type { Membership } from "./membership.js";
import * as relay from "./relay.js";
import type { OwnStream } from "./whisper.js";

export class Media {
  readonly #call: Call;
  readonly #member: () => Membership | null;
  readonly #changed: () => void;
  readonly #listeners = new Set<(event: RelayEvent) => void>();
  readonly #keyListeners = new Set<(key: EpochKey) => void>();
  #state: MediaState = QUIET;
  #streams: readonly OwnStream[] = [];
  #droppedFrames = 0;
  #keyNode: Uint8Array | null = null;

  /** `member` gives the present membership; `changed` is told when something is to be shown anew. */
  constructor(call: Call, member: () => Membership | null, changed: () => void) {
    this.#call = call;
    this.#member = member;
    this.#changed = changed;
  }

  /** What this person says of their own devices. */
  get state(): MediaState {
    return this.#state;
  }

  /** One's own streams at the relay. */
  get streams(): readonly OwnStream[] {
    return this.#streams;
  }

  /** Frames that came and were refused. */
  get droppedFrames(): number {
    return this.#droppedFrames;
  }

  set(media: Partial<MediaState>): void {
    this.#state = { ...this.#state, ...media };
    this.#member()?.setMedia(this.#state, this.#streams);
    this.#changed();
  }

  /** Rejects with RefusedCall, Away. */
  async offer(sdp: string, tracks: ReadonlyMap<string, TrackRole>, restart: boolean): Promise<RelayAnswer> {
    const { answer, own } = await relay.offer(this.#call, this.#inside(), sdp, tracks, restart);
    this.#streams = own;
    this.#member()?.setMedia(this.#state, own);
    return answer;
  }

  /** Rejects with RefusedCall, Away. */
  async watch(streams: readonly string[], small: readonly string[]): Promise<void> {
    await relay.watch(this.#call, this.#inside(), streams, small);
  }

  async leave(): Promise<void> {
    this.#streams = [];
    const member = this.#member();
    if (member !== null) await relay.leave(this.#call, member);
  }

  /** The connection is lost, and with it the session at the relay. */
  away(): void {
    this.#streams = [];
    this.#tell({ event: "mediaEnded", reason: "lost" });
  }

  event(event: Event): void {
    const told = relay.relayEvent(event);
    if (told !== null) this.#tell(told);
  }

  /** These are all that others have at the relay. */
  found(streams: readonly Stream[]): void {
    this.#tell({ event: "streams", streams: streams.map(relay.relayStream) });
  }

  subscribe(listener: (event: RelayEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The keys of the present epoch, and of each that follows. */
  subscribeKeys(listener: (key: EpochKey) => void): () => void {
    this.#keyListeners.add(listener);
    const member = this.#member();
    if (member !== null) listener(epochKey(member));
    return () => this.#keyListeners.delete(listener);
  }

  /** Hand the present epoch's keys over, once. */
  tellKeys(): void {
    const member = this.#member();
    if (member === null || member.node === this.#keyNode) return;
    this.#keyNode = member.node;
    for (const listener of this.#keyListeners) listener(epochKey(member));
  }

  countDropped(frames: number): void {
    this.#droppedFrames += frames;
    this.#changed();
  }

  #inside(): Membership {
    const member = this.#member();
    if (member === null) throw new Away("not in the meeting");
    return member;
  }

  #tell(event: RelayEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function epochKey({ node, group }: Membership): EpochKey {
  return { node: Uint8Array.from(node), epoch: Number(group.epoch), leaf: group.leaf, baseKey: Uint8Array.from(group.keys.baseKey) };
}
