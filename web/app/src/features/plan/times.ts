/** Times as a person's date fields have them, in the person's own time zone; instants in milliseconds of Unix time. */

/** Minutes to choose from. */
export const LENGTHS = [30, 60, 90, 120, 240] as const;

/** The next full hour that is at least half an hour away, as a `datetime-local` value. */
export function nextHour(now: number): string {
  const date = new Date(now + 90 * 60_000);
  date.setMinutes(0, 0, 0);
  return `${day(date)}T${String(date.getHours()).padStart(2, "0")}:00`;
}

/** The day that is so many days away, as a `date` value. */
export function inDays(now: number, days: number): string {
  const date = new Date(now);
  date.setDate(date.getDate() + days);
  return day(date);
}

function day(date: Date): string {
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** The instant of a `datetime-local` value; NaN where it is none. */
export function atMinute(value: string): number {
  return new Date(value).getTime();
}

/** The last instant of a `date` value; NaN where it is none. */
export function dayEnd(value: string): number {
  return new Date(`${value}T23:59:59`).getTime();
}
