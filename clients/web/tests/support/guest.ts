/** A world with a guest room behind the link `/g/sunday`. */

import { ROOM, World } from "./world.ts";

export const DOOR_LINE = "GET /v1/guest-rooms/sunday";
export const ENTER_LINE = "POST /v1/guest-rooms/sunday/guests";
export const REFRESH_LINE = "POST /v1/guest-rooms/sunday/refresh";
export const LEAVE_LINE = "POST /v1/guest-rooms/sunday/leave";

export const GUEST_ROOM = {
  ...ROOM,
  kind: "guest",
  title: "Sunday question",
  topic: "One hour",
  role: "guest",
};
export const GUEST = { kind: "guest", id: "guest-1", name: "Robin" };

/** What the door says, unless a test says otherwise. */
export function door(other: object = {}): object {
  return {
    title: "Sunday question",
    topic: "One hour",
    facilitator: "Fay",
    state: "open",
    opens_at: null,
    closes_at: null,
    has_password: false,
    is_locked: false,
    is_full: false,
    server_time: "2026-03-01T10:00:00Z",
    ...other,
  };
}

export function guestIn(refresh = "r1"): object {
  const tokens = { access_token: "g1", refresh_token: refresh, expires_in: 900 };
  return { room: GUEST_ROOM, person: GUEST, ...tokens };
}

/** Nobody is logged in, and the door is as it is said. */
export function worldWithDoor(said: object = door()): World {
  window.localStorage.clear();
  window.sessionStorage.clear();
  const world = new World();
  world.server
    .refuse("POST /v1/auth/refresh", 401, "unauthenticated")
    .on(DOOR_LINE, 200, said)
    .on(ENTER_LINE, 201, guestIn())
    .on(REFRESH_LINE, 200, guestIn("r2"))
    .on(LEAVE_LINE, 204)
    .on("GET /v1/rooms/A", 200, GUEST_ROOM)
    .on("GET /v1/rooms/A/members", 200, { items: [{ person: GUEST, role: "guest" }] })
    .on("GET /v1/rooms/A/messages", 200, { items: [], next_cursor: null });
  return world;
}
