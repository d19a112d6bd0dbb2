/**
 * Who of a room is here now.
 *
 * Presence is told about people and not about rooms, so a roster may know of some who are elsewhere:
 * only members count.
 */

import type { Presence } from "#protocol/frames.ts";
import type { Member } from "#wire/shapes.ts";

export interface Roster {
  readonly online: ReadonlySet<string>;
  /** People who are here beyond those that the server names. */
  readonly unnamed: number;
}

export const EMPTY_ROSTER: Roster = { online: new Set(), unnamed: 0 };

/** Start over with what `room_joined` says: some ids and the number of all. */
export function fromJoined(online: ReadonlySet<string>, count: number): Roster {
  return { online, unnamed: Math.max(0, count - online.size) };
}

/** Start over with a snapshot of everybody's state. */
export function fromSnapshot(users: readonly Presence[]): Roster {
  return { online: new Set(users.filter(isHere).map((user) => user.person_id)), unnamed: 0 };
}

export function withPresence(roster: Roster, presence: Presence): Roster {
  const { person_id } = presence;
  if (isHere(presence) === roster.online.has(person_id)) return roster;
  const online = new Set(roster.online);
  if (isHere(presence)) online.add(person_id);
  else online.delete(person_id);
  return { ...roster, online };
}

/** How many are here; `members` is null while they are not known. */
export function countOf({ online, unnamed }: Roster, members: readonly Member[] | null): number {
  const known = members?.filter(({ person }) => online.has(person.id)).length ?? online.size;
  return known + unnamed;
}

function isHere({ state }: Presence): boolean {
  return state !== "offline";
}
