/** Single keys for what is done most; never while a person types. */

export type Command = "microphone" | "camera" | "chat" | "people" | "close";

const commands: Readonly<Record<string, Command>> = {
  m: "microphone",
  v: "camera",
  c: "chat",
  p: "people",
  escape: "close",
};

function types(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/u.test(target.tagName));
}

/** The command of a key, or null: with modifiers, on repetition and while typing, keys belong to others. */
export function commandOf(event: KeyboardEvent): Command | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return null;
  const command = commands[event.key.toLowerCase()] ?? null;
  return types(event.target) && command !== "close" ? null : command;
}
