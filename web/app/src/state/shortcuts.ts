/** Single keys for what is done most; never while a person types. */

export type Command = "microphone" | "camera" | "hand" | "share" | "chat" | "people" | "view" | "help" | "close";

const commands: Readonly<Record<string, Command>> = {
  m: "microphone",
  v: "camera",
  h: "hand",
  s: "share",
  c: "chat",
  p: "people",
  g: "view",
  "?": "help",
  escape: "close",
};

function types(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/u.test(target.tagName));
}

/**
 * The command of a key, or null: with modifiers, on repetition, while typing and while a dialog waits, keys belong to
 * others. With `on` false, only Escape does something.
 */
export function commandOf(event: KeyboardEvent, on = true): Command | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return null;
  const command = commands[event.key.toLowerCase()] ?? null;
  if (document.querySelector("dialog[open]") !== null) return null;
  return command !== "close" && (!on || types(event.target)) ? null : command;
}

/** What does something by itself when the space bar is pressed on it. */
const WANTS_SPACE = "button, a, summary, label, [tabindex='0'], [role]:not(main)";

/**
 * Whether the space bar is free to be held for speaking: nothing that the keyboard is on wants it. A button that a
 * pointer was pressed on keeps the focus, but the keyboard did not go there: `byPointer`.
 */
export function isFreeSpace(event: KeyboardEvent, byPointer: boolean): boolean {
  if (event.key !== " " || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  if (types(event.target) || document.querySelector("dialog[open]") !== null) return false;
  return byPointer || !(event.target instanceof Element && event.target.matches(WANTS_SPACE));
}
