/** A meeting's media in the browser: devices, the connection to the relay, and what is shown of it. */

export { LocalMedia } from "./local.js";
export { MediaSession, type SessionMeeting, type SessionOptions } from "./session.js";
export type * from "./state.js";
export { unsupported } from "./support.js";
