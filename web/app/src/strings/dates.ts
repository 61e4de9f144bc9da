/** Hours and days as the chosen language writes them, in the person's own region of it where the browser names one. */

import { matching } from "./choice.js";
import { language, strings, type Language } from "./index.js";

interface Dates {
  readonly clock: Intl.DateTimeFormat;
  readonly calendar: Intl.DateTimeFormat;
}

const made = new Map<Language, Dates>();

function dates(): Dates {
  const tag = language();
  const known = made.get(tag);
  if (known !== undefined) return known;
  const regional = navigator.languages.find((each) => matching(each) === tag) ?? tag;
  const fresh = {
    clock: new Intl.DateTimeFormat(regional, { hour: "2-digit", minute: "2-digit" }),
    calendar: new Intl.DateTimeFormat(regional, { weekday: "long", day: "numeric", month: "long" }),
  };
  made.set(tag, fresh);
  return fresh;
}

/** "09:12"; `at` in milliseconds since 1970. */
export function timeOf(at: number): string {
  return dates().clock.format(at);
}

/** Today and yesterday by name, other days by date. */
export function dayOf(at: number, now: number): string {
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0) return strings.chat.today;
  return days === 1 ? strings.chat.yesterday : dates().calendar.format(at);
}
