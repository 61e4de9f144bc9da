/** Media signalling through the server (docs/protocol/media.md 2). */
import type { Event, OfferMedia, Stream } from "@segel/wire";
import { CARRIES, type RelayAnswer, type RelayEvent, type RelayStream, type TrackRole } from "../api.js";
import { fromHex, toHex } from "../bytes.js";
import type { Call } from "./ground.js";
import type { Membership } from "./membership.js";
import type { OwnStream } from "./whisper.js";

type WireTrack = OfferMedia["tracks"][string];

/** An answer, and the streams that the relay has of ours from now on. */
export interface Offered {
  readonly answer: RelayAnswer;
  readonly own: readonly OwnStream[];
}

/** Send an offer. Rejects with RefusedCall, Away. */
export async function offer(call: Call, member: Membership, sdp: string, tracks: ReadonlyMap<string, TrackRole>, restart: boolean): Promise<Offered> {
  const wired = Object.fromEntries([...tracks].map(([mid, role]) => [mid, wireTrack(role)]));
  const request = { type: "offer_media", group: member.group.groupId, node: member.node, offer: sdp, tracks: wired, restart } as const;
  const { answer, published, streams } = await call(request, "media_answer");
  const own = Object.entries(published).flatMap(([mid, stream]): OwnStream[] => {
    const role = tracks.get(mid);
    return role?.role === "publish" ? [{ stream: Uint8Array.from(stream), kind: role.kind }] : [];
  });
  const ids = new Map(Object.entries(published).map(([mid, stream]) => [mid, toHex(stream)]));
  return { answer: { answer, published: ids, streams: streams.map(relayStream) }, own };
}

/** Say which streams are on screen. */
export async function watch(call: Call, member: Membership, streams: readonly string[], small: readonly string[]): Promise<void> {
  await call({ type: "watch_media", group: member.group.groupId, node: member.node, streams: streams.map(fromHex), small: small.map(fromHex) }, "done");
}

/** Leave the relay. */
export async function leave(call: Call, member: Membership): Promise<void> {
  await call({ type: "leave_media", group: member.group.groupId }, "done");
}

/** What the relay tells, in the page's form; null for what is not of the relay. */
export function relayEvent(event: Event): RelayEvent | null {
  switch (event.type) {
    case "stream_added":
      return { event: "streamAdded", stream: relayStream(event.stream) };
    case "stream_removed":
      return { event: "streamRemoved", stream: toHex(event.stream) };
    case "media_ended":
      return { event: "mediaEnded", reason: event.reason };
    default:
      return null;
  }
}

/** A stream in the page's form. */
export function relayStream({ id, kind }: Stream): RelayStream {
  return { id: toHex(id), kind };
}

function wireTrack(role: TrackRole): WireTrack {
  return role.role === "publish" ? { type: "publish", kind: CARRIES[role.kind] } : { type: "receive", stream: fromHex(role.stream) };
}
