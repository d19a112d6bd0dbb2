/** Who of a room is here now. */

import type { Presence } from "#protocol/frames.ts";

export interface Roster {
  readonly online: ReadonlySet<string>;
  /** People who are here beyond those that the server names. */
  readonly unnamed: number;
}

export const EMPTY_ROSTER: Roster = { online: new Set(), unnamed: 0 };

/** Start over with what `room_joined` says: some names and the number of all. */
export function fromJoined(online: readonly string[], count: number): Roster {
  return { online: new Set(online), unnamed: Math.max(0, count - online.length) };
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

export function countOf({ online, unnamed }: Roster): number {
  return online.size + unnamed;
}

function isHere({ state }: Presence): boolean {
  return state !== "offline";
}
