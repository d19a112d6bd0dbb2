/** When to renew an access token. */

/** The server warns 60 s before a token expires; we are earlier. */
const BEFORE_MS = 90_000;
/** A token that lives shorter is renewed after this part of what is left of its life. */
const PART = 0.75;

/** Return when to renew a token that expires at `expiresAt`, in ms on the same clock as `now`. */
export function renewalAt(now: number, expiresAt: number): number {
  const left = Math.max(0, expiresAt - now);
  return now + Math.max(left - BEFORE_MS, left * PART);
}
