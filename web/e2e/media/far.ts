/** The other end of the media tests: in place of a relay, the other member answers the offers directly. */
import type { MeetingMedia, RelayAnswer, RelayEvent, RelayStream, TrackRole } from "@segel/client/api";
import type { EpochKey, WorkerCommand, WorkerReport } from "@segel/media-worker";

export const NEAR_LEAF = 1;
export const FAR_LEAF = 2;

/** One epoch's key, the same for the same number. */
function epochKey(epoch: number, leaf: number): EpochKey {
  return { epoch, leaf, node: new Uint8Array(32).fill(epoch), baseKey: new Uint8Array(16).fill(epoch + 7) };
}

/** A member on leaf 2 whose tracks are the fake camera and microphone again. */
export class Far implements MeetingMedia {
  readonly keyPort: MessagePort;
  readonly #nearKeys: MessagePort;
  readonly #farKeys: MessagePort;
  readonly #worker: Worker;
  readonly #tracks: readonly MediaStreamTrack[];
  readonly #listeners = new Set<(event: RelayEvent) => void>();
  #peer = new RTCPeerConnection();
  #streams: readonly RelayStream[] = [];
  #contexts = 1_000;
  #session = 0;
  dropped = 0;
  /** Whether the server cannot be reached. */
  away = false;
  /** Offers that came while it could not. */
  missed = 0;
  lastAnswer = "";
  restarts = 0;
  report: WorkerReport | null = null;

  constructor(worker: Worker, tracks: readonly MediaStreamTrack[]) {
    const [near, far] = [new MessageChannel(), new MessageChannel()];
    this.keyPort = near.port1;
    this.#nearKeys = near.port2;
    this.#farKeys = far.port2;
    this.#worker = worker;
    this.#tracks = tracks;
    this.#tell({ command: "keys", port: far.port1 }, [far.port1]);
    // Whatever the far end receives is the near member's.
    this.#tell({ command: "owners", owners: new Map([[0, NEAR_LEAF]]) });
    worker.onmessage = ({ data }: MessageEvent<WorkerReport>) => { this.report = data; };
  }

  /** Give the epoch's key to the near end, the far end, or both. */
  rekey(epoch: number, ends: "near" | "far" | "both" = "both"): void {
    if (ends !== "far") this.#nearKeys.postMessage(epochKey(epoch, NEAR_LEAF));
    if (ends !== "near") this.#farKeys.postMessage(epochKey(epoch, FAR_LEAF));
  }

  addStream(stream: RelayStream): void {
    this.#streams = [...this.#streams, stream];
    this.#say({ event: "streamAdded", stream });
  }

  removeStream(id: string): void {
    this.#streams = this.#streams.filter((stream) => stream.id !== id);
    this.#say({ event: "streamRemoved", stream: id });
  }

  /** The session ends, as when a relay restarts. */
  end(): void {
    this.#peer.close();
    this.#say({ event: "mediaEnded", reason: "relay" });
  }

  async offer(sdp: string, tracks: ReadonlyMap<string, TrackRole>, restart: boolean): Promise<RelayAnswer> {
    if (this.away) this.missed += 1;
    if (this.away) throw Object.assign(new Error("away"), { code: "away" });
    if (restart) this.#restart();
    await this.#peer.setRemoteDescription({ type: "offer", sdp });
    const published = new Map<string, string>();
    for (const transceiver of this.#peer.getTransceivers()) {
      const mid = transceiver.mid ?? "";
      const track = tracks.get(mid);
      if (track?.role === "publish") this.#receive(transceiver);
      if (track?.role === "publish") published.set(mid, `near-${this.#session}-${track.kind}`);
      if (track?.role === "receive") this.#send(transceiver);
      if (track === undefined) transceiver.direction = "inactive";
    }
    await Promise.all(this.#peer.getTransceivers().map(async (each) => this.#giveTrack(each)));
    await this.#peer.setLocalDescription();
    await gathered(this.#peer);
    this.lastAnswer = this.#peer.localDescription?.sdp ?? "";
    return { answer: this.lastAnswer, published, streams: this.#streams };
  }

  /** Packets and frames that came from the near end, by kind. */
  async received(): Promise<Record<string, { packets: number; frames: number }>> {
    const received: Record<string, { packets: number; frames: number }> = {};
    const stats = await this.#peer.getStats();
    stats.forEach((entry: Record<string, unknown>) => {
      if (entry["type"] !== "inbound-rtp") return;
      const kind = String(entry["kind"]);
      received[kind] = { packets: Number(entry["packetsReceived"]), frames: Number(entry["framesDecoded"] ?? 0) };
    });
    return received;
  }

  async watch(): Promise<void> {}

  async leave(): Promise<void> {
    this.#peer.close();
  }

  subscribe(listener: (event: RelayEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  countDropped(frames: number): void {
    this.dropped += frames;
  }

  #restart(): void {
    this.restarts += 1;
    this.#session += 1;
    this.#peer.close();
    this.#peer = new RTCPeerConnection();
  }

  #receive(transceiver: RTCRtpTransceiver): void {
    transceiver.direction = "recvonly";
    const kind = transceiver.receiver.track.kind;
    if (transceiver.receiver.transform !== null && transceiver.receiver.transform !== undefined) return;
    transceiver.receiver.transform = new RTCRtpScriptTransform(this.#worker, { operation: "open", kind, slot: 0 });
    play(new MediaStream([transceiver.receiver.track]), "far");
  }

  /** The transform is set in the task that made the transceiver: Chromium never runs one that comes later. */
  #send(transceiver: RTCRtpTransceiver): void {
    transceiver.direction = "sendonly";
    const kind = transceiver.receiver.track.kind;
    if (transceiver.sender.transform !== null && transceiver.sender.transform !== undefined) return;
    const context = ++this.#contexts;
    transceiver.sender.transform = new RTCRtpScriptTransform(this.#worker, { operation: "seal", kind, context });
  }

  async #giveTrack({ direction, sender, receiver }: RTCRtpTransceiver): Promise<void> {
    if (direction !== "sendonly" || sender.track !== null) return;
    await sender.replaceTrack(this.#tracks.find(({ kind }) => kind === receiver.track.kind) ?? null);
  }

  #say(event: RelayEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #tell(command: WorkerCommand, transfer: Transferable[] = []): void {
    this.#worker.postMessage(command, transfer);
  }
}

/** Put a stream on the page, so that the browser decodes it. */
export function play(stream: MediaStream, name: string): void {
  const kind = stream.getVideoTracks().length > 0 ? "video" : "audio";
  document.querySelector(`[data-name="${name}-${kind}"]`)?.remove();
  const player = document.createElement(kind);
  player.autoplay = true;
  player.dataset["name"] = `${name}-${kind}`;
  player.srcObject = stream;
  document.body.append(player);
}

async function gathered(peer: RTCPeerConnection): Promise<void> {
  while (peer.iceGatheringState !== "complete") {
    await new Promise((resolve) => peer.addEventListener("icegatheringstatechange", resolve, { once: true }));
  }
}
