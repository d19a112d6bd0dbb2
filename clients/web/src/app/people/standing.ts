/** What somebody may do to somebody else in a room; the server decides, this is what is offered. */

const RANKS: Readonly<Record<string, number>> = { guest: 1, member: 2, admin: 3, owner: 4 };

export const ROLE_WORDS: Readonly<Record<string, string>> = {
  owner: "Owner",
  admin: "Admin",
  member: "Member",
  guest: "Guest",
};

export type RoleToGive = "owner" | "admin" | "member";

/** Nobody is put out, muted or banned by those who stand no higher. */
export function standsAbove(mine: string | null, theirs: string | null): boolean {
  return rankOf(mine) > rankOf(theirs);
}

/** The roles that somebody of role `mine` can give to somebody of role `theirs`. */
export function rolesToGive(mine: string | null, theirs: string | null): readonly RoleToGive[] {
  if (mine !== "owner" || theirs === null || !GIVEN_TO.includes(theirs)) return [];
  return ["member", "admin", "owner"];
}

const GIVEN_TO: readonly string[] = ["member", "admin", "owner"];

function rankOf(role: string | null): number {
  return RANKS[role ?? ""] ?? 0;
}
