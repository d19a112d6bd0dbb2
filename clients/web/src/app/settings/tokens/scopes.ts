/** What a token may be allowed, in words: the names of the server's scopes say less. */

export interface ScopeWords {
  readonly scope: string;
  readonly title: string;
  readonly hint: string;
}

export const SCOPES: readonly ScopeWords[] = [
  {
    scope: "messages:read",
    title: "Read messages",
    hint: "Of the rooms it is in, and hear new ones.",
  },
  {
    scope: "messages:write",
    title: "Write messages",
    hint: "Also edit and delete its own, and react.",
  },
  { scope: "rooms:read", title: "See rooms", hint: "And who is in them." },
  {
    scope: "rooms:write",
    title: "Change rooms",
    hint: "Make, join and leave them, and look after members.",
  },
  { scope: "presence", title: "Presence", hint: "See who is online, and be seen." },
  { scope: "users:read", title: "Find people", hint: "By their name." },
  { scope: "profile", title: "Change the profile", hint: "Name and picture." },
];

/** Only those who run the server have it to give. */
export const ADMIN: ScopeWords = {
  scope: "admin",
  title: "Administer this server",
  hint: "Look after the accounts of others, as far as your role goes.",
};

export function titleOfScope(scope: string): string {
  return [...SCOPES, ADMIN].find((known) => known.scope === scope)?.title ?? scope;
}
