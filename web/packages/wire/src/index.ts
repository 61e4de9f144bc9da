/** What client and server say to each other: the TypeScript side of `segel.core.wire`. */

export * from "./codec.ts";
export * as hashes from "./hashes.ts";
export * from "./messages.ts";
export * as signing from "./signing.ts";
