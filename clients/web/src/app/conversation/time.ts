/** Times as people read them, in their own zone and language. */

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const DAY_OF_YEAR = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });

export function clockOf(time: string): string {
  return CLOCK.format(new Date(time));
}

/** The time without "AM" and "PM", for where there is no room for them. */
export function digitsOf(time: string): string {
  const parts = CLOCK.formatToParts(new Date(time));
  const digits = parts.filter(({ type }) => type !== "dayPeriod").map(({ value }) => value);
  return digits.join("").trim();
}

export function fullTimeOf(time: string): string {
  return FULL.format(new Date(time));
}

/** The day of a time as a heading; `now` in ms. */
export function dayOf(time: string, now: number): string {
  const date = new Date(time);
  const today = new Date(now);
  const yesterday = new Date(now);
  yesterday.setDate(today.getDate() - 1);
  if (isSameDay(date, today)) return "Today";
  if (isSameDay(date, yesterday)) return "Yesterday";
  return date.getFullYear() === today.getFullYear() ? DAY.format(date) : DAY_OF_YEAR.format(date);
}

const DATE = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

/** The time of today, the day of what is older; `now` in ms. */
export function shortlyOf(time: string, now: number): string {
  const date = new Date(time);
  return isSameDay(date, new Date(now)) ? CLOCK.format(date) : DATE.format(date);
}

export function isSameDay(one: Date, other: Date): boolean {
  return one.toDateString() === other.toDateString();
}
