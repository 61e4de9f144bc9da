/** How one RTCPeerConnection and its transceivers are set up (RFC 8829; docs/protocol/media.md 2). */

import type { TransformOptions } from "@segel/media-worker";

import { CARRIES } from "@segel/client/api";

import type { Kind, StreamKind } from "./state.js";

/** Opus alone, and VP8 with its retransmissions: other codecs do not survive sealing. */
const CODECS: Readonly<Record<Kind, readonly string[]>> = {
  audio: ["audio/opus"],
  video: ["video/vp8", "video/rtx"],
};
const AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
/** Three temporal layers, so that a relay can thin the picture out without opening it. */
const ENCODING: Readonly<Record<StreamKind, RTCRtpEncodingParameters & { scalabilityMode?: string }>> = {
  audio: { maxBitrate: 32_000, networkPriority: "high" },
  video: { maxBitrate: 700_000, scalabilityMode: "L1T3" },
  screen: { maxBitrate: 2_500_000, maxFramerate: 15, scalabilityMode: "L1T3" },
  "screen-audio": { maxBitrate: 96_000 },
};

/** A connection to the relay, which is the only peer: no other server is asked for addresses. */
export function openPeer(): RTCPeerConnection {
  return new RTCPeerConnection({ bundlePolicy: "max-bundle", rtcpMuxPolicy: "require" });
}

/** A transceiver that sends, under a context of its own, what `replaceTrack` will give it. */
export function addSender(
  peer: RTCPeerConnection,
  worker: Worker,
  kind: StreamKind,
  context: number,
): RTCRtpTransceiver {
  const how: RTCRtpTransceiverInit = { direction: "sendonly", sendEncodings: [ENCODING[kind]] };
  const transceiver = peer.addTransceiver(CARRIES[kind], how);
  transceiver.sender.transform = transform(worker, { operation: "seal", kind: CARRIES[kind], context });
  preferCodecs(transceiver, CARRIES[kind]);
  return transceiver;
}

/** A transceiver that receives. Its transform is set at once: set later, it silently never runs. */
export function addReceiver(
  peer: RTCPeerConnection,
  worker: Worker,
  kind: Kind,
  slot: number,
): RTCRtpTransceiver {
  const transceiver = peer.addTransceiver(kind, { direction: "recvonly" });
  transceiver.receiver.transform = transform(worker, { operation: "open", kind, slot });
  preferCodecs(transceiver, kind);
  return transceiver;
}

function transform(worker: Worker, options: TransformOptions): RTCRtpScriptTransform {
  return new RTCRtpScriptTransform(worker, options);
}

function preferCodecs(transceiver: RTCRtpTransceiver, kind: Kind): void {
  const codecs = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
  const wanted = codecs.filter(({ mimeType }) => CODECS[kind].includes(mimeType.toLowerCase()));
  transceiver.setCodecPreferences(wanted);
}

/**
 * The relay's answer without the audio-level extension (RFC 6464), so that it is not used: it would tell
 * the relay who speaks, and when. Browsers take other ends of lines than CRLF as well.
 */
export function withoutAudioLevel(answer: string): string {
  const lines = answer.split(/\r\n|\r|\n/u);
  return lines.filter((line) => !(line.startsWith("a=extmap:") && line.includes(AUDIO_LEVEL))).join("\r\n");
}
