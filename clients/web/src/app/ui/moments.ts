/** Moments as people say them, in the words of their browser. */

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const APPOINTMENT = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "numeric",
  minute: "2-digit",
  timeZoneName: "short",
});

/** The day of an RFC 3339 time. */
export function dayOf(time: string): string {
  return DAY.format(new Date(time));
}

/** The day and the minute of an RFC 3339 time. */
export function momentOf(time: string): string {
  return MOMENT.format(new Date(time));
}

/** The same with the name of its zone, for what people in several of them wait for together. */
export function appointmentOf(time: string): string {
  return APPOINTMENT.format(new Date(time));
}

/** A moment as an `<input type="datetime-local">` takes it, in the reader's own zone. */
export function toInput(time: string | null): string {
  if (time === null) return "";
  const date = new Date(time);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** What was chosen there; null for nothing. */
export function fromInput(value: string): string | null {
  return value === "" ? null : new Date(value).toISOString();
}
