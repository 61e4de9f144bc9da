/** axe-core in a page: the rules of accessibility that a program can check. */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "puppeteer-core";

const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: unknown; readonly failureSummary?: string }[];
}

/** The rules that the page breaks, each with where and why; of all that axe has on, or of one. */
export async function violations(page: Page, rule?: string): Promise<readonly string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(source);
  const found = (await page.evaluate(`axe.run(${rule === undefined ? "" : JSON.stringify({ runOnly: [rule] })}).then((result) => result.violations)`)) as readonly Violation[];
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${String(node.target)} ${node.failureSummary ?? ""}`).join("; ")}`);
}
