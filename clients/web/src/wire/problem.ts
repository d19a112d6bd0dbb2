/** The one shape of a "no", from the socket and over HTTP. */

import { countOr, flag, type Json, partOr, text, textOr } from "#wire/read.ts";

export interface Problem {
  /** Stable, for programs: `not_member`, `rate_limited` ... */
  readonly code: string;
  /** For people. */
  readonly message: string;
  readonly retryable: boolean;
  readonly retry_after_ms: number | null;
  /** Which of the given fields is at fault, and why. */
  readonly fields: Readonly<Record<string, string>>;
}

export function readProblem(from: Json): Problem {
  return {
    code: text(from, "code"),
    message: textOr(from, "message", ""),
    retryable: flag(from, "retryable"),
    retry_after_ms: countOr(from, "retry_after_ms", null),
    fields: readFields(partOr(from, "fields")),
  };
}

/** A problem found on this side: no server said it. */
export function localProblem(code: string, message: string): Problem {
  return { code, message, retryable: true, retry_after_ms: null, fields: {} };
}

function readFields(fields: Json | null): Record<string, string> {
  const said = Object.entries(fields ?? {});
  return Object.fromEntries(said.map(([name, why]) => [name, asSentence(why)]));
}

/** The server says "must have 8 characters" of a field; beside the field that begins a sentence. */
function asSentence(why: unknown): string {
  const words = Array.isArray(why) ? why.map(String).join(" ") : String(why);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
