/**
 * Draws one screen, named in the address (`?screen=door&language=de&dir=rtl`), from fixtures. For looking and for tests,
 * which draw one after another by `window.gallery`; never shipped.
 */

import { render } from "preact";
import "../src/styles/all.css";
import "../src/styles/room.css";
import { changeLanguage } from "../src/state/language.js";
import { update } from "../src/state/shell.js";
import { choose } from "../src/strings/choice.js";
import { screens } from "./screens.js";

declare global {
  interface Window {
    gallery: typeof gallery;
  }
}

const root = document.getElementById("app") ?? document.body;

function frame(): Promise<number> {
  return new Promise(requestAnimationFrame);
}

/** Draws it afresh; resolves when it stands. */
async function draw(name: string, language: string, dir: "ltr" | "rtl"): Promise<void> {
  const screen = screens[name];
  if (screen === undefined) throw new Error(`there is no screen ${name}`);
  render(null, root);
  update.value = "none";
  await changeLanguage(choose(language, []));
  // No language here runs from right to left yet; the screens are ready for one.
  document.documentElement.dir = dir;
  render(screen.draw(), root);
  for (const testId of screen.press ?? []) {
    document.querySelector<HTMLElement>(`[data-testid="${testId}"]`)?.click();
    await frame();
  }
  scrollTo(0, 0);
  await frame();
}

const gallery = { names: Object.keys(screens).filter((each) => screens[each]?.measured !== true), draw };
window.gallery = gallery;

const query = new URLSearchParams(location.search);
const name = query.get("screen");
if (name !== null) await draw(name, query.get("language") ?? "", query.get("dir") === "rtl" ? "rtl" : "ltr");
else render(<main><h1>Gallery</h1><ul>{gallery.names.map((each) => <li key={each}><a href={`?screen=${each}`}>{each}</a></li>)}</ul></main>, root);
