/** What people do in a chat, as MIMI content: text, file, reply, edit, delete, reaction (docs/protocol/meeting.md 10). */
import { utf8 } from "../bytes.js";
import { Malformed } from "../cbor.js";
import { decodeFile, encodeFile, type FileReference } from "../files/reference.js";
import { MAX_TEXT } from "../text.js";
import { ATTACHMENT, REACTION, RENDER, type Content, type Part } from "./mimi.js";

const PLAIN = "text/plain;charset=utf-8";
const MAX_SIGN = 64;

/** What a content does. Ids are the draft's message ids. */
export type Act =
  | { readonly kind: "text"; readonly text: string; readonly replyTo: Uint8Array | null }
  | { readonly kind: "file"; readonly file: FileReference }
  | { readonly kind: "edit"; readonly target: Uint8Array; readonly text: string }
  | { readonly kind: "delete"; readonly target: Uint8Array }
  | { readonly kind: "react"; readonly target: Uint8Array; readonly sign: string }
  | { readonly kind: "unreact"; readonly reaction: Uint8Array };

function single(disposition: number, text: string): Part {
  return { kind: "single", disposition, language: "", contentType: PLAIN, content: utf8(text) };
}

function nothing(disposition: number): Part {
  return { kind: "null", disposition, language: "" };
}

/** The content of an act; `salt` is 16 random bytes. */
export function compose(act: Act, salt: Uint8Array): Content {
  const base = { salt, replaces: null, topic: new Uint8Array(), expires: null, inReplyTo: null, extensions: new Map() };
  switch (act.kind) {
    case "text":
      return { ...base, inReplyTo: act.replyTo, body: single(RENDER, act.text) };
    case "file":
      return { ...base, body: { kind: "external", disposition: ATTACHMENT, language: "", fields: encodeFile(act.file) } };
    case "edit":
      return { ...base, replaces: act.target, body: single(RENDER, act.text) };
    case "delete":
      return { ...base, replaces: act.target, body: nothing(RENDER) };
    case "react":
      return { ...base, inReplyTo: act.target, body: single(REACTION, act.sign) };
    case "unreact":
      return { ...base, replaces: act.reaction, body: nothing(REACTION) };
  }
}

/** What the content does. Throws Malformed for what this client does not show. */
export function interpret(content: Content): Act {
  const { replaces, inReplyTo, body } = content;
  if (body.disposition === REACTION) return interpretReaction(replaces, inReplyTo, body);
  if (replaces !== null) {
    return body.kind === "null" ? { kind: "delete", target: replaces } : { kind: "edit", target: replaces, text: textOf(body) };
  }
  if (body.kind === "external") return { kind: "file", file: decodeFile(body.fields) };
  return { kind: "text", text: textOf(body), replyTo: inReplyTo };
}

function interpretReaction(replaces: Uint8Array | null, inReplyTo: Uint8Array | null, body: Part): Act {
  if (replaces !== null && body.kind === "null") return { kind: "unreact", reaction: replaces };
  const sign = textOf(body);
  if (inReplyTo === null || sign === "" || sign.length > MAX_SIGN) throw new Malformed("a reaction to nothing");
  return { kind: "react", target: inReplyTo, sign };
}

/** The text of a part; of several parts the first that is text. */
function textOf(part: Part): string {
  if (part.kind === "multi") return textOf(part.parts.find(isText) ?? { ...part, kind: "null" });
  if (part.kind !== "single" || !isText(part)) throw new Malformed("not text");
  if (part.content.length > MAX_TEXT) throw new Malformed("a text that is too long");
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(part.content);
}

function isText(part: Part): boolean {
  return part.kind === "single" && /^text\/(plain|markdown)(;|$)/.test(part.contentType);
}
