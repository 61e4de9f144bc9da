/** Saying that we are here, and hearing who else is (docs/protocol/meeting.md 8). */
import { encodeCall, encodeRequest, hashes, MAX_EXPIRY, signing } from "@segel/wire";
import { equalBytes } from "../bytes.js";
import { sign } from "../ed25519.js";
import type { Asking, MediaState } from "../state.js";
import { chance, isBad, type Ground } from "./ground.js";
import { deafen, departed, hear, isPresent, listen, nextEpoch, PRESENT_FOR, SILENCE, type Presence } from "./presence.js";
import { openWhisper, sealWhisper, type OwnStream, type Saying } from "./whisper.js";

/** The counter of a goodbye that is made beforehand. */
const FAREWELL = Number.MAX_SAFE_INTEGER;
/** Seconds for which it can be brought; the server takes none that lies further ahead than MAX_EXPIRY. */
const FAREWELL_LASTS = MAX_EXPIRY - 10;
/** Milliseconds within which a member says that it is here after the group changed; with a device on, a tenth. */
const HERE_WITHIN = 4_000;

export class Heart {
  readonly #ground: Ground;
  #presence: Presence = SILENCE;
  #media: MediaState;
  #streams: readonly OwnStream[] = [];
  /** The nonces of what was asked of us. */
  readonly #asked = new Set<number>();
  #counter = 0;
  /** We said that we leave: from then on we say nothing else. */
  #leaving = false;
  /** Seconds by which the server's clock is ahead of ours. */
  #ahead = 0;

  constructor(ground: Ground, media: MediaState) {
    this.#ground = ground;
    this.#media = media;
  }

  get presence(): Presence {
    return this.#presence;
  }

  /** Whether we said that we leave. */
  get isLeaving(): boolean {
    return this.#leaving;
  }

  /** A connection stands, on which the server told its clock in seconds. */
  greeted(serverNow: number): void {
    this.#ahead = serverNow - Math.floor(this.#ground.around.now() / 1000);
  }

  /** The connection is inside the epoch from now on. */
  listen(): void {
    this.#presence = listen(this.#presence, this.#ground.around.now());
  }

  /** The connection is gone. */
  deafen(): void {
    this.#presence = deafen(this.#presence);
  }

  /** Another epoch began, without these leaves' members. */
  nextEpoch(removed: readonly number[]): void {
    this.#presence = nextEpoch(this.#presence, removed);
    this.#counter = 0;
  }

  setMedia(media: MediaState, streams: readonly OwnStream[]): void {
    this.#media = media;
    this.#streams = streams;
  }

  /** Milliseconds until we say that we are in a new epoch: at random, so that not everybody speaks at once. */
  get hereSoon(): number {
    const { mic, camera, hand } = this.#media;
    return chance(this.#ground) * (mic || camera || hand ? HERE_WITHIN / 10 : HERE_WITHIN);
  }

  /** Say that we are here, and what our devices do; or that we leave, once that was said. */
  async here(): Promise<void> {
    await this.#say(this.#leaving ? { kind: "leaving" } : { kind: "here", media: this.#media, streams: this.#streams });
  }

  /** Ask something of the member at a leaf, or of all; only a host is heard. */
  async ask(leaf: number | null, what: Asking, nonce: number): Promise<void> {
    await this.#say({ kind: "ask", leaf, what, nonce });
  }

  /** Say goodbye, now and whenever we would say that we are here. */
  async leaving(): Promise<void> {
    this.#leaving = true;
    await this.here();
  }

  /**
   * A goodbye that anybody can bring to the server within two minutes: a whole call, signed by itself.
   *
   * Its counter is above all that are used otherwise, so that it holds whatever was said since.
   */
  async farewell(): Promise<Uint8Array | null> {
    const { hello, entered, group, node, identity, around } = this.#ground;
    if (hello === null || !entered) return null;
    const body = await sealWhisper(group, node, identity.device.seed, FAREWELL, { kind: "leaving" }, around.random(12));
    const request = encodeRequest({ type: "whisper", group: group.groupId, node, body });
    const nonce = around.random(16);
    const expiry = Math.floor(around.now() / 1000) + this.#ahead + FAREWELL_LASTS;
    const signed = signing.request(hashes.logId(hello.server_key), group.groupId, node, nonce, expiry, request);
    const signature = await sign(group.keys.epochKey.seed, signed);
    return encodeCall({ type: "call", id: 1, body: request, proof: { group: group.groupId, node, nonce, expiry, signature } });
  }

  async #say(saying: Saying): Promise<void> {
    const { entered, group, node, identity, around, call } = this.#ground;
    if (!entered) return;
    this.#counter += 1;
    const body = await sealWhisper(group, node, identity.device.seed, this.#counter, saying, around.random(12));
    await call({ type: "whisper", group: group.groupId, node, body }, "done");
  }

  /** A whisper came; one that does not hold is as if it had not. What a host asks of us in it, or null. */
  async whispered(node: Uint8Array, body: Uint8Array): Promise<{ readonly what: Asking; readonly leaf: number } | null> {
    const { group, around } = this.#ground;
    if (!equalBytes(node, this.#ground.node)) return null;
    try {
      const heard = await openWhisper(group, node, body);
      if (!equalBytes(node, this.#ground.node)) return null;
      const next = heard.leaf === group.leaf ? null : hear(this.#presence, heard, around.now());
      if (next === null) return null;
      this.#presence = next;
      const { leaf, saying } = heard;
      const ours = saying.kind === "ask" && group.isHost(leaf) && (saying.leaf === null || saying.leaf === group.leaf);
      if (!ours || this.#asked.has(saying.nonce)) return null;
      this.#asked.add(saying.nonce);
      return { what: saying.what, leaf };
    } catch (error) {
      if (!isBad(error)) throw error;
      return null;
    }
  }

  /** Leaves that left or vanished. */
  departed(): number[] {
    return departed(this.#presence, this.#others(), this.#ground.around.now());
  }

  /** Other leaves that can be expected to act: heard lately, or not yet heard since we came. */
  acting(): number[] {
    const now = this.#ground.around.now();
    const { listening, seen } = this.#presence;
    const fresh = listening !== null && now - listening <= PRESENT_FOR;
    return this.#others().filter((leaf) => isPresent(this.#presence, leaf, now) || (fresh && !seen.has(leaf)));
  }

  #others(): number[] {
    const { members, leaf: own } = this.#ground.group;
    return members.map(({ leaf }) => leaf).filter((leaf) => leaf !== own);
  }
}
