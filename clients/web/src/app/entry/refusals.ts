/** Why somebody did not come in, in words that say what to do. */

import type { Problem } from "#wire/problem.ts";

export function sentenceOf({ code, message }: Problem): string {
  return SENTENCES[code] ?? message;
}

/** Of a refusal that came with an address, where there is nothing but its code. */
export function sentenceOfCode(code: string): string {
  return SENTENCES[code] ?? "That did not work. Please try again.";
}

const SENTENCES: Readonly<Record<string, string>> = {
  account_disabled: "This account is blocked. Ask whoever runs this server.",
  invalid_credentials: "E-mail or password is wrong.",
  login_expired: "That took too long. Please try again.",
  provider_refused: "The other service did not let you in. Try again, or come in another way.",
  provider_unavailable: "The other service does not answer. Please try again later.",
  identity_invalid: "The answer of the other service could not be trusted. Please try again.",
  identity_taken: "That account is linked to somebody else here.",
  invalid_invite: "This invitation was used or has expired. Ask for a new one.",
  invite_needed:
    "This server takes in those who are invited. Open the link of your invitation again, or ask for one.",
  domain_not_allowed: "This server takes in addresses of certain domains only, and yours is none.",
  email_missing:
    "The other service did not say which e-mail address is yours. Allow it there, or register here.",
  email_unverified: "Your e-mail address is not verified yet. Follow the link in the mail first.",
  email_unverified_there:
    "The other service has not verified your e-mail address. Verify it there, then try again.",
  link_required:
    "There is an account with this e-mail address. Log in with its password, then link the other service in your settings.",
  registration_closed: "Nobody can register here. Ask whoever runs this server.",
};
