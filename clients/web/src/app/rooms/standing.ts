import { readerOf } from "#state/hearing.ts";
import type { State } from "#state/model.ts";
import { EMPTY_ROSTER, type Roster, type Standing, standingIn } from "#state/roster.ts";
import type { Room } from "#wire/shapes.ts";

/** How the other one of a direct room is; null for rooms of any other kind. */
export function standingOf(state: State, room: Room): Standing | null {
  if (room.kind !== "direct") return null;
  const me = readerOf(state);
  const other = room.people.find(({ id }) => id !== me);
  if (!other) return null;
  if (state.status.kind !== "connected") return "unknown";
  const told = state.presence[other.id];
  const roster = state.conversations[room.id]?.roster;
  return roster?.isKnown ? standingIn(roster, other.id, told) : (told?.state ?? "unknown");
}

/** Who is in a room; without a connection nobody knows. */
export function rosterOf(state: State, roster: Roster): Roster {
  return state.status.kind === "connected" ? roster : EMPTY_ROSTER;
}
