/** What is wrong with a page for somebody with a phone, in the dark, with a screen reader or a large thumb. */
import type { TestPage } from "./page.ts";

/** The least side of what a finger presses, in CSS pixels (WCAG 2.2, 2.5.5). */
const FINGER = 44;

/**
 * The faults of the visible page, in words, empty when there are none. Of what lies `within` (a CSS selector): each part
 * fits into the width, each control can be reached and pressed. Of the whole page: axe's rules, in light and in dark.
 */
export async function faults(page: TestPage, within: string): Promise<readonly string[]> {
  const found = [...(await page.evaluate(layoutFaults, within, FINGER))];
  for (const scheme of ["light", "dark"] as const) {
    await page.colours(scheme);
    const broken = await page.axe();
    found.push(...broken.map((rule) => `${rule} in ${scheme} colours`));
  }
  return found;
}

/** In the page. Scrolls to each control, as a person would, and back to the top. */
function layoutFaults(within: string, finger: number): readonly string[] {
  const found: string[] = [];
  const nameOf = (part: Element): string =>
    part.getAttribute("data-testid") ?? part.getAttribute("aria-label") ?? `${part.localName} "${part.textContent.slice(0, 30)}"`;
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} wide in a window of ${clientWidth}`);

  const shown = [...document.querySelectorAll(`${within} *`)].filter((part) => part.checkVisibility({ visibilityProperty: true }));
  for (const part of shown) {
    const { left, right, width } = part.getBoundingClientRect();
    if (width > 0 && (left < -1 || right > clientWidth + 1)) found.push(`${nameOf(part)} lies from ${left} to ${right}`);
  }

  const controls = shown.filter((part) => part.matches("button, input, select, textarea, summary, a[href]"));
  if (controls.length === 0) found.push(`nothing can be pressed within ${within}`);
  for (const control of controls) {
    control.scrollIntoView({ block: "center", behavior: "instant" });
    const { left, top, width, height } = control.getBoundingClientRect();
    // A link in the middle of a text is as high as its line.
    const inText = getComputedStyle(control).display === "inline";
    if (!inText && Math.round(Math.min(width, height)) < finger) found.push(`${nameOf(control)} measures ${width} by ${height}`);
    if (!control.contains(document.elementFromPoint(left + width / 2, top + height / 2))) found.push(`${nameOf(control)} is out of reach`);
  }
  scrollTo({ top: 0, behavior: "instant" });
  return found;
}
