/** Whether this browser can seal media. */

import type { Unsupported } from "./state.js";

/** Null where it can. `RTCRtpScriptTransform`: W3C WebRTC Encoded Transform. */
export function unsupported(scope: object = globalThis): Unsupported | null {
  if ("isSecureContext" in scope && scope.isSecureContext !== true) return "insecure";
  if (!("RTCPeerConnection" in scope)) return "no_peer_connection";
  if (!("RTCRtpScriptTransform" in scope)) return "no_encoded_transform";
  return null;
}
