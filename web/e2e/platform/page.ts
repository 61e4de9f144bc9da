/** The page of the platform tests: a call with sealed frames, whose far end may be elsewhere. */
/// <reference types="vite/client" />
import workerUrl from "./worker.ts?worker&url";

/** Trusted Types (W3C): absent from TypeScript's library. */
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): {
    createScriptURL(url: string): string;
  };
}
declare const RTCRtpScriptTransform: new (worker: Worker, options: unknown) => RTCRtpScriptTransform;

const policy = (globalThis as unknown as { trustedTypes: PolicyFactory }).trustedTypes.createPolicy("segel", {
  createScriptURL: (url) => {
    if (url !== workerUrl) throw new TypeError("not the worker");
    return url;
  },
});

/** A module worker from the site itself, by way of the policy. */
const startWorker = (): Worker => new Worker(policy.createScriptURL(workerUrl), { type: "module" });

/** What a call looks like at one end. */
interface End {
  readonly peer: RTCPeerConnection;
  readonly worker: Worker;
}
const ends: End[] = [];

/** How a call is sealed. */
interface CallOptions {
  /** Leave 10 or 3 bytes of VP8 clear. */
  readonly clear: boolean;
  /** Ask for temporal layers, which brings the dependency descriptor in Chromium. */
  readonly scalabilityMode?: string;
}

function newEnd(): End {
  const end = { peer: new RTCPeerConnection(), worker: startWorker() };
  end.worker.addEventListener("error", (event) => console.error(`worker: ${event.message}`));
  ends.push(end);
  return end;
}

/** Offers camera and microphone, sealed. Returns the end's number and the offer. */
async function offer(options: CallOptions): Promise<{ end: number; sdp: string }> {
  const { peer, worker } = newEnd();
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  for (const track of stream.getTracks()) {
    const layered = track.kind === "video" && options.scalabilityMode !== undefined;
    // scalabilityMode (WebRTC-SVC) is absent from TypeScript's library.
    const sendEncodings = [layered ? { scalabilityMode: options.scalabilityMode } : {}] as RTCRtpEncodingParameters[];
    const transceiver = peer.addTransceiver(track, { direction: "sendonly", sendEncodings });
    transceiver.sender.transform = new RTCRtpScriptTransform(worker, { side: "seal", clear: options.clear });
    preferVp8(transceiver);
  }
  await peer.setLocalDescription();
  return { end: ends.length - 1, sdp: await gathered(peer) };
}

/**
 * Drops feedback lines of payload types that the media line does not list: Firefox leaves them
 * after setCodecPreferences, and Chromium refuses a description that holds them.
 */
function withoutStrayFeedback(sdp: string): string {
  let listed: string[] = [];
  const kept = sdp.split("\r\n").filter((line) => {
    if (line.startsWith("m=")) listed = line.split(" ").slice(3);
    const feedback = /^a=rtcp-fb:(\d+) /.exec(line);
    return feedback?.[1] === undefined || listed.includes(feedback[1]);
  });
  return kept.join("\r\n");
}

/** Takes an offer and opens what it brings. Returns the answer. */
async function answer(sdp: string, options: CallOptions): Promise<{ end: number; sdp: string }> {
  const { peer, worker } = newEnd();
  await peer.setRemoteDescription({ type: "offer", sdp: withoutStrayFeedback(sdp) });
  for (const { receiver } of peer.getTransceivers()) {
    receiver.transform = new RTCRtpScriptTransform(worker, { side: "open", clear: options.clear });
    const player = document.createElement(receiver.track.kind as "audio" | "video");
    player.srcObject = new MediaStream([receiver.track]);
    player.autoplay = true;
    document.body.append(player);
  }
  await peer.setLocalDescription();
  return { end: ends.length - 1, sdp: await gathered(peer) };
}

/** Completes an offer. */
async function accept(end: number, sdp: string): Promise<void> {
  await ends[end]?.peer.setRemoteDescription({ type: "answer", sdp });
}

function preferVp8(transceiver: RTCRtpTransceiver): void {
  if (transceiver.receiver.track.kind !== "video") return;
  const codecs = RTCRtpReceiver.getCapabilities("video")?.codecs ?? [];
  transceiver.setCodecPreferences(codecs.filter((codec) => /VP8|rtx/.test(codec.mimeType)));
}

async function gathered(peer: RTCPeerConnection): Promise<string> {
  while (peer.iceGatheringState !== "complete") {
    await new Promise((resolve) => peer.addEventListener("icegatheringstatechange", resolve, { once: true }));
  }
  return peer.localDescription?.sdp ?? "";
}

/** The end's RTP statistics (inbound, outbound) and its worker's totals. */
async function report(end: number): Promise<{ rtp: Record<string, unknown>[]; worker: Totals }> {
  const { peer, worker } = ends[end] as End;
  const all = [...(await peer.getStats()).values()] as (Record<string, unknown> & RTCStats)[];
  const rtp = all.filter((stats) => stats.type.endsWith("bound-rtp"));
  const totals = new Promise<Totals>((resolve) => {
    worker.addEventListener("message", (event) => resolve(event.data as Totals), { once: true });
  });
  worker.postMessage("totals");
  return { rtp, worker: await totals };
}

/** Ends every call. */
function hangUp(): void {
  for (const { peer, worker } of ends) {
    peer.close();
    worker.terminate();
  }
}

/** What worker.ts has counted: frames, failures, milliseconds in all and at worst. */
export interface Totals {
  readonly frames: number;
  readonly failed: number;
  readonly ms: number;
  readonly worst: number;
}

/** Whether the device's keys can be made, used and kept without ever leaving the browser. */
async function keys(): Promise<{ secure: boolean; signed: boolean; agreed: boolean; kept: boolean; sealed: boolean }> {
  const { subtle } = crypto;
  const text = new TextEncoder().encode("Segel");
  const signing = (await subtle.generateKey("Ed25519", false, ["sign", "verify"]));
  const signature = await subtle.sign("Ed25519", signing.privateKey, text);
  const signed = await subtle.verify("Ed25519", signing.publicKey, signature, text);

  const pair = async (): Promise<CryptoKeyPair> =>
    (await subtle.generateKey("X25519", false, ["deriveBits"]));
  const [ours, theirs] = [await pair(), await pair()];
  const agree = (mine: CryptoKey, other: CryptoKey): Promise<ArrayBuffer> =>
    subtle.deriveBits({ name: "X25519", public: other }, mine, 256);
  const secret = await agree(ours.privateKey, theirs.publicKey);
  const same = new Uint8Array(await agree(theirs.privateKey, ours.publicKey));
  const agreed = new Uint8Array(secret).every((byte, index) => byte === same[index]);

  const base = await subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const derivation = { name: "HKDF", hash: "SHA-256", salt: text, info: text };
  const sealing = await subtle.deriveKey(derivation, base, { name: "AES-GCM", length: 128 }, false, ["encrypt"]);
  await store(sealing);
  const found = await load();
  const kept = !found.extractable && (await subtle.exportKey("raw", found).then(() => false, () => true));
  const out = await subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, found, text);
  return { secure: isSecureContext, signed, agreed, kept, sealed: out.byteLength === text.length + 16 };
}

function database(): Promise<IDBDatabase> {
  const request = indexedDB.open("platform", 1);
  request.addEventListener("upgradeneeded", () => request.result.createObjectStore("keys"));
  return done(request);
}

async function store(key: CryptoKey): Promise<void> {
  const db = await database();
  await done(db.transaction("keys", "readwrite").objectStore("keys").put(key, "sealing"));
  db.close();
}

async function load(): Promise<CryptoKey> {
  const db = await database();
  const key = await done<CryptoKey>(db.transaction("keys").objectStore("keys").get("sealing") as IDBRequest<CryptoKey>);
  db.close();
  return key;
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("IndexedDB failed")));
  });
}

/** Whether Trusted Types refuse a worker of a plain address, as the policy demands. */
function refusesPlainWorker(): boolean {
  try {
    new Worker(workerUrl, { type: "module" }).terminate();
    return false;
  } catch {
    return true;
  }
}

/** The functions that the tests call. */
const platform = { offer, answer, accept, report, hangUp, keys, refusesPlainWorker };
export type Platform = typeof platform;
Object.assign(globalThis, { platform });
