/** Sizes of files as people read them, in the language that they read. */

import { language } from "./index.js";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** "1.5 MB": units of 1000, as the unit's name says. */
export function sizeOf(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const format = new Intl.NumberFormat(language(), { style: "unit", unit: UNITS[power] ?? "byte", unitDisplay: "short", maximumFractionDigits: power < 2 ? 0 : 1 });
  return format.format(bytes / 1000 ** power);
}
