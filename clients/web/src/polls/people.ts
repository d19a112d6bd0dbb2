/** Who is in a room, asked over HTTP: on polls nobody tells it when a room is shown. */

import type { Call } from "#api/call.ts";
import { problemIn } from "#api/http.ts";
import { PeopleApi } from "#api/people.ts";
import type { RoomPresence } from "#wire/generated/http.ts";
import { countOr, type Json, texts } from "#wire/read.ts";

/** As `room_joined` and `presence` say it of one person. HTTP tells no `rev`: what is heard is newer. */
interface There {
  readonly person_id: string;
  readonly state: string;
  readonly status_text: string | null;
  readonly rev: 0;
}

export interface People {
  readonly users: readonly There[];
  /** Null when the server does not know, or could not be asked. */
  readonly online_count: number | null;
}

/** The server answers for so many people at once. */
const MOST_ASKED = 100;

export async function peopleIn(call: Call, roomId: string): Promise<People> {
  try {
    const path = `/v1/rooms/${roomId}/presence`;
    const { ids, online_count } = await call({ method: "GET", path }, readRoom);
    const asked = ids.slice(0, MOST_ASKED);
    const seen = asked.length === 0 ? [] : await new PeopleApi(call).presence(asked);
    const users = seen.flatMap(({ person_id, state, status_text }): There[] =>
      state === "unknown" || state === "offline" ? [] : [{ person_id, state, status_text, rev: 0 }],
    );
    return { users, online_count };
  } catch (error) {
    problemIn(error); // Raises again what is a bug of ours.
    return { users: [], online_count: null };
  }
}

function readRoom(answer: Json<RoomPresence>) {
  return { ids: texts(answer, "users"), online_count: countOr(answer, "count", null) };
}
