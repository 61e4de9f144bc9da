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

/** Whether the space bar is free to be held for speaking: nothing that the keyboard is on wants it. */
export function isFreeSpace(event: KeyboardEvent): boolean {
  if (event.key !== " " || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  const { target } = event;
  if (types(target) || document.querySelector("dialog[open]") !== null) return false;
  // After a press with the mouse the focus stays on a button, but is not shown there: the person is not using it.
  return !(target instanceof Element && target !== document.body && target.matches(":focus-visible"));
}
