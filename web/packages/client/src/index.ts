/** The page's part of the client: small, without cryptography. The worker's is `@segel/client/worker`. */
export * from "./api.js";
export * from "./state.js";
export { openClient } from "./remote.js";
export { cleanName, MAX_NAME } from "./text.js";
