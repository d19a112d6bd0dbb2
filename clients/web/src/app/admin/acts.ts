/** What the audit log calls things, in words. A newer server may have more kinds than these. */

const TITLES: Readonly<Record<string, string>> = {
  "account.registered": "Account registered",
  "account.renamed": "Name changed",
  "account.disabled": "Account blocked",
  "account.enabled": "Account let in again",
  "account.erased": "Account erased",
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
};

/** The choices of the filter, all of them first. */
export const KINDS: readonly (readonly [string, string])[] = [
  ["", "Everything"],
  ...Object.entries(TITLES).sort(([, one], [, other]) => one.localeCompare(other)),
];

/** A kind that is new says itself: "passkey.added" is "Passkey added". */
export function titleOfKind(kind: string): string {
  const words = kind.replaceAll(/[._]/g, " ");
  return TITLES[kind] ?? words.charAt(0).toUpperCase() + words.slice(1);
}
