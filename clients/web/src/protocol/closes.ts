/**
 * What a close code asks of the client.
 *
 * | code | meaning | we |
 * |---|---|---|
 * | 1000 | normal | stop |
 * | 1002 1003 1007 1009 4400 | one side has a bug | try once more, then stop (4400: stop) |
 * | 1012 | restart | come back soon; no growth |
 * | 1013 | overloaded | come back after 4 s or more |
 * | 4401 | token `expired`, `revoked`, `invalid` | refresh once, otherwise log in |
 * | 4403 4409 | banned, replaced | stop |
 * | 4410 | too slow | come back at once and resume |
 * | 4429 | flooding | come back after 30 s or more |
 * | others | cut, going away, server error | come back, backing off |
 */

import type { CloseCode } from "#wire/generated/codes.ts";

export type StopReason = "closed" | "replaced" | "banned" | "fault";

export type Verdict =
  | { readonly go: "stop"; readonly why: StopReason }
  | { readonly go: "log_in" }
  | { readonly go: "refresh" }
  | { readonly go: "retry_once" }
  | { readonly go: "soon" }
  | { readonly go: "back_off"; readonly atLeastMs: number };

const BUSY_MS = 4_000;
const FLOODING_MS = 30_000;

export function verdictOn(code: number, reason: string): Verdict {
  if (code === 4401) return reason === "expired" ? { go: "refresh" } : { go: "log_in" };
  return VERDICTS[code] ?? { go: "back_off", atLeastMs: 0 };
}

const VERDICTS: Readonly<Record<number, Verdict>> = {
  1000: { go: "stop", why: "closed" },
  1002: { go: "retry_once" },
  1003: { go: "retry_once" },
  1007: { go: "retry_once" },
  1009: { go: "retry_once" },
  1012: { go: "soon" },
  1013: { go: "back_off", atLeastMs: BUSY_MS },
  4400: { go: "stop", why: "fault" },
  4403: { go: "stop", why: "banned" },
  4409: { go: "stop", why: "replaced" },
  4410: { go: "soon" },
  4429: { go: "back_off", atLeastMs: FLOODING_MS },
} satisfies { readonly [Code in CloseCode | OfWebSockets]?: Verdict };

/** Those that the socket's own machinery closes with. */
type OfWebSockets = 1000 | 1002;
