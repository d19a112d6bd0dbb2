/** A world with what the pages of the settings ask for. */

import { World } from "./world.ts";

export const ME = {
  id: "alice",
  kind: "user",
  name: "Alice",
  email: "alice@example.org",
  email_verified: true,
  has_password: true,
  system_role: "member",
  avatar: null,
  created_at: "2026-03-01T10:00:00Z",
  updated_at: "2026-03-01T10:00:00Z",
};

export const DOOR = { mode: "open", mail: true, domains: [], providers: [] };

export const NO_FACTORS = {
  totp: false,
  recovery_codes_left: 0,
  passkeys: [],
  passkeys_available: true,
};

/** Somebody with this role who is in, in front of a server that knows them. */
export async function known(role: "owner" | "admin" | "member" = "member"): Promise<World> {
  const world = await new World().connect();
  world.server
    .on("GET /v1/me", 200, { ...ME, system_role: role })
    .on("GET /v1/users", 200, { items: [], next_cursor: null })
    .on("GET /v1/auth/registration", 200, DOOR)
    .on("GET /v1/auth/second-factors", 200, NO_FACTORS)
    .on("GET /v1/me/identities", 200, { items: [], next_cursor: null });
  return world;
}

/** What was asked with this line, the last time. */
export function bodyOf(world: World, line: string): unknown {
  return world.server.asked.findLast((asked) => asked.line === line)?.body;
}
