/** A calendar entry (RFC 5545): one event with the link, as a file that every calendar opens. */

export interface CalendarEvent {
  readonly title: string;
  readonly link: string;
  /** Milliseconds of Unix time. */
  readonly begins: number;
  readonly ends: number;
  /** When the entry was made; milliseconds of Unix time. */
  readonly made: number;
  /** Unique in the world. */
  readonly uid: string;
}

/** The file's text. */
export function calendarFile({ title, link, begins, ends, made, uid }: CalendarEvent): string {
  const lines = [
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Segel//Segel//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
    "BEGIN:VEVENT", `UID:${uid}`, `DTSTAMP:${stamp(made)}`, `DTSTART:${stamp(begins)}`, `DTEND:${stamp(ends)}`,
    `SUMMARY:${escaped(title)}`, `LOCATION:${escaped(link)}`, `DESCRIPTION:${escaped(link)}`, `URL:${link}`,
    "BEGIN:VALARM", "ACTION:DISPLAY", `DESCRIPTION:${escaped(title)}`, "TRIGGER:-PT10M", "END:VALARM",
    "END:VEVENT", "END:VCALENDAR",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

/** A time in UTC (3.3.5). */
function stamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().replaceAll(/[-:]/g, "").slice(0, 15)}Z`;
}

/** A text value (3.3.11); other control characters have no place in one. */
function escaped(text: string): string {
  return text.replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f]/g, " ").replaceAll(/[\\;,]/g, "\\$&").replaceAll("\n", "\\n");
}

/** Lines have at most 75 bytes (3.1); what goes on begins with a space. No character is cut in two. */
function folded(line: string): string {
  const encoder = new TextEncoder();
  let out = "";
  let width = 0;
  for (const char of line) {
    const bytes = encoder.encode(char).length;
    if (width + bytes > 75) {
      out += "\r\n ";
      width = 1;
    }
    out += char;
    width += bytes;
  }
  return out;
}
