/**
 * Who of a room is here now.
 *
 * Presence is told about people and not about rooms, so a roster may know of some who are elsewhere:
 * only members count. What kind of here it is (away, not to be disturbed) is told of the person.
 */

import type { Presence } from "#protocol/frames.ts";
import type { Member } from "#wire/shapes.ts";

export interface Roster {
  /** The server knows who is here; until then nothing is claimed of anybody. */
  readonly isKnown: boolean;
  readonly online: ReadonlySet<string>;
  /** People who are here beyond those that the server names. */
  readonly unnamed: number;
}

export type Standing = Presence["state"] | "unknown";

export const EMPTY_ROSTER: Roster = { isKnown: false, online: new Set(), unnamed: 0 };

/** Start over with what the server says: some ids and the number of all, null if it cannot know. */
export function fromJoined(online: ReadonlySet<string>, count: number | null): Roster {
  if (count === null) return EMPTY_ROSTER;
  return { isKnown: true, online, unnamed: Math.max(0, count - online.size) };
}

/** Start over with a snapshot of people's states; of a very large room it is the number only. */
export function fromSnapshot(users: readonly Presence[], count: number | null): Roster {
  if (count === null && users.length === 0) return EMPTY_ROSTER;
  const online = new Set(users.filter(isHere).map((user) => user.person_id));
  return fromJoined(online, count ?? online.size);
}

export function withPresence(roster: Roster, presence: Presence): Roster {
  const { person_id } = presence;
  if (!roster.isKnown || isHere(presence) === roster.online.has(person_id)) return roster;
  const online = new Set(roster.online);
  if (isHere(presence)) online.add(person_id);
  else online.delete(person_id);
  return { ...roster, online };
}

/** How many are here, null if that is not known; `members` is null while they are not known. */
export function countOf(roster: Roster, members: readonly Member[] | null): number | null {
  const { isKnown, online, unnamed } = roster;
  if (!isKnown) return null;
  const known = members?.filter(({ person }) => online.has(person.id)).length ?? online.size;
  return known + unnamed;
}

/** How somebody is seen in a room; `told` is what was last heard of them anywhere. */
export function standingIn(roster: Roster, personId: string, told: Presence | undefined): Standing {
  if (!roster.isKnown) return "unknown";
  const isTold = told !== undefined && isHere(told);
  if (roster.online.has(personId)) return isTold ? told.state : "online";
  if (roster.unnamed === 0) return "offline";
  return isTold ? told.state : "unknown";
}

export function isHere({ state }: Presence): boolean {
  return state !== "offline";
}
