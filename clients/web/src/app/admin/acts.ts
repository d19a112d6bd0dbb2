/** What the audit log calls things, in words. A newer server may have more kinds than these. */

import type { Kind } from "#wire/generated/http.ts";

const TITLES: Readonly<Record<Kind, string>> = {
  "account.registered": "Account registered",
  "account.renamed": "Name changed",
  "account.disabled": "Account blocked",
  "account.enabled": "Account let in again",
  "role.changed": "Role changed",
  "login.failed": "Log-in failed",
  "session.opened": "Logged in",
  "session.ended": "Session ended",
  "sessions.ended": "Sessions ended",
  "token.reused": "Stolen session stopped",
  "rate.limited": "Slowed down",
  "policy.changed": "Registration changed",
  "invite.made": "Invitation made",
  "invite.used": "Invitation used",
  "invite.revoked": "Invitation revoked",
  "audit.exported": "Audit log exported",
  "session.proved": "Fresh proof given",
  "proof.refused": "Fresh proof refused",
  "totp.added": "Authenticator app added",
  "totp.removed": "Authenticator app removed",
  "passkey.added": "Passkey added",
  "passkey.removed": "Passkey removed",
  "recovery_codes.made": "Recovery codes made",
  "recovery_code.used": "Recovery code used",
  "second_factors.forgotten": "Second factors removed",
  "identity.linked": "Provider linked",
  "identity.unlinked": "Provider unlinked",
  "email.changed": "E-mail changed",
  "email.verified": "E-mail verified",
  "password.changed": "Password changed",
  "password.reset": "Password set by a link",
  "token.made": "API token made",
  "token.revoked": "API token revoked",
  "token.found": "API token found",
  "bot.made": "Bot made",
  "bot.renamed": "Bot renamed",
  "bot.retired": "Bot retired",
  "export.asked": "Copy of data asked for",
  "export.fetched": "Copy of data fetched",
  "erasure.asked": "Erasure asked for",
  "erasure.taken_back": "Erasure taken back",
  "erasure.begun": "Erasure begun",
  "erasure.finished": "Erasure finished",
};

const KNOWN: ReadonlyMap<string, string> = new Map(Object.entries(TITLES));

/** The choices of the filter, all of them first. */
export const KINDS: readonly (readonly [string, string])[] = [
  ["", "Everything"],
  ...[...KNOWN].sort(([, one], [, other]) => one.localeCompare(other)),
];

/** A kind that is new says itself: "passkey.added" is "Passkey added". */
export function titleOfKind(kind: string): string {
  const words = kind.replaceAll(/[._]/g, " ");
  return KNOWN.get(kind) ?? words.charAt(0).toUpperCase() + words.slice(1);
}
