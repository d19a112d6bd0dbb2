/** Moments as people say them, in the words of their browser. */

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** The day of an RFC 3339 time. */
export function dayOf(time: string): string {
  return DAY.format(new Date(time));
}

/** The day and the minute of an RFC 3339 time. */
export function momentOf(time: string): string {
  return MOMENT.format(new Date(time));
}
