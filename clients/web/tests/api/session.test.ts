import { describe, expect, test } from "vitest";
import { callAs } from "#api/call.ts";
import { Session } from "#api/session.ts";
import { FakeServer, grant } from "../support/http.ts";

class World extends FakeServer {
  clock = 0;
  readonly locks: string[] = [];
  readonly session = new Session({
    fetch: this.fetch,
    timeout: () => this.timeout(),
    now: () => this.clock,
    withLock: (name, work) => {
      this.locks.push(name);
      return work();
    },
  });

  call = callAs(this.session, this);
}

const LOGIN = "POST /v1/auth/login";
const REFRESH = "POST /v1/auth/refresh";
const LOGOUT = "POST /v1/auth/logout";

async function loggedIn(): Promise<World> {
  const world = new World().on(LOGIN, 200, grant());
  await world.session.logIn("alice@example.org", "secret");
  return world;
}

describe("logging in", () => {
  test("asks for a cookie, so that no script ever holds the refresh token", async () => {
    const world = new World().on(LOGIN, 200, grant());

    const user = await world.session.logIn("alice@example.org", "secret");

    expect(user).toEqual({ id: "alice", name: "Alice", email: "alice@example.org" });
    expect(world.asked[0]?.body).toEqual({
      email: "alice@example.org",
      password: "secret",
      cookie: true,
    });
  });

  test("gives a token that is used until it is nearly over", async () => {
    const world = await loggedIn();

    expect(await world.session.token(false)).toEqual({ token: "abc", expiresAt: 900_000 });

    world.clock = 890_000;
    world.on(REFRESH, 200, grant("def"));
    expect((await world.session.token(false))?.token).toBe("def");
  });
});

describe("registering", () => {
  const bob = {
    email: "bob@example.org",
    password: "secret",
    name: "Bob",
    ownerToken: null,
    invite: null,
  };
  const REGISTER = "POST /v1/auth/register";

  test("logs in at once where no mail is sent", async () => {
    const world = new World().on(REGISTER, 201, grant());

    expect(await world.session.register(bob)).toMatchObject({ id: "alice" });
    expect(world.asked[0]?.body).not.toHaveProperty("owner_token");
  });

  test("waits for the mail where one is sent", async () => {
    const world = new World().on(REGISTER, 202, { status: "verification_sent" });

    expect(await world.session.register(bob)).toBeNull();
  });

  test("the owner of a new server proves it by the one-time token", async () => {
    const world = new World().on(REGISTER, 201, grant());

    await world.session.register({ ...bob, ownerToken: "once" });

    expect(world.asked[0]?.body).toMatchObject({ owner_token: "once" });
  });
});

describe("refreshing", () => {
  test("sends an empty object with the cookie, under a lock", async () => {
    const world = new World().on(REFRESH, 200, grant("def"));

    await world.session.token(true);

    expect(world.asked).toMatchObject([{ line: REFRESH, body: {} }]);
    expect(world.locks).toEqual(["hubbub.refresh"]);
  });

  test("happens once for all who wait for it", async () => {
    const world = new World().on(REFRESH, 200, grant("def"));

    const grants = await Promise.all([1, 2, 3].map(() => world.session.token(true)));

    expect(grants.map((given) => given?.token)).toEqual(["def", "def", "def"]);
    expect(world.lines).toEqual([REFRESH]);
  });

  test("finds no token when the session is over", async () => {
    const world = new World().refuse(REFRESH, 401, "session_revoked");

    expect(await world.session.token(true)).toBeNull();
  });

  test("rejects when it cannot be known, and may be tried again", async () => {
    const world = new World()
      .refuseOnce(REFRESH, 503, "unavailable")
      .on(REFRESH, 200, grant("def"));

    await expect(world.session.token(true)).rejects.toMatchObject({ status: 503 });
    expect((await world.session.token(true))?.token).toBe("def");
  });
});

describe("a page that is loaded again", () => {
  test("takes up the session of the cookie", async () => {
    const user = { id: "alice", name: "Alice", email: "alice@example.org" };
    const world = new World().on(REFRESH, 200, grant("def"));

    expect(await world.session.restore()).toEqual(user);
    expect(world.lines).toEqual([REFRESH]);
  });

  test("goes on as somebody whom it knows, once the server can be asked", async () => {
    const world = new World().on(REFRESH, 200, grant("def"));
    world.session.resume({ id: "alice", name: "Alice", email: null });

    expect((await world.session.token(false))?.token).toBe("def");
    expect(world.session.other).toBeNull();
  });

  test("gets no token of somebody else who logged in beside it", async () => {
    const bob = { id: "bob", name: "Bob", email: null };
    const world = await loggedIn();
    world.on(REFRESH, 200, { ...grant("def"), user: bob });

    expect(await world.session.token(true)).toBeNull();
    expect(world.session.other).toEqual(bob);

    world.session.forget();
    expect(await world.session.restore()).toEqual(bob);
  });

  test("finds nobody without one", async () => {
    const world = new World().refuse(REFRESH, 401, "unauthenticated");

    expect(await world.session.restore()).toBeNull();
  });
});

describe("logging out", () => {
  test("ends the session on the server and forgets the token", async () => {
    const world = await loggedIn();
    world.on(LOGOUT, 204).refuse(REFRESH, 401, "session_revoked");

    await world.session.logOut();

    expect(world.asked.at(-1)).toMatchObject({
      line: LOGOUT,
      body: null,
      headers: { authorization: "Bearer abc" },
    });
    expect(await world.session.token(false)).toBeNull();
  });

  test("is done when the server has ended the session already", async () => {
    const world = await loggedIn();
    world.refuse(LOGOUT, 401, "unauthenticated");

    await expect(world.session.logOut()).resolves.toBeUndefined();
  });

  test("is not done while the server cannot be reached", async () => {
    const world = await loggedIn();
    world.isReachable = false;

    await expect(world.session.logOut()).rejects.toMatchObject({ status: 0 });
    expect((await world.session.token(false))?.token).toBe("abc");
  });
});

describe("calling", () => {
  const ROOMS = { method: "GET", path: "/v1/rooms" } as const;

  test("renews an expired token once and repeats the request", async () => {
    const world = await loggedIn();
    world.refuseOnce("GET /v1/rooms", 401, "token_expired").on("GET /v1/rooms", 200, { items: [] });
    world.on(REFRESH, 200, grant("def"));

    await world.call(ROOMS, () => null);

    expect(world.lines.slice(1)).toEqual(["GET /v1/rooms", REFRESH, "GET /v1/rooms"]);
    expect(world.asked.at(-1)?.headers.authorization).toBe("Bearer def");
  });

  test("does not go round in circles", async () => {
    const world = await loggedIn();
    world.refuse("GET /v1/rooms", 401, "token_expired").on(REFRESH, 200, grant("def"));

    await expect(world.call(ROOMS, () => null)).rejects.toMatchObject({ status: 401 });
    expect(world.lines).toHaveLength(4);
  });

  test("passes other refusals on", async () => {
    const world = await loggedIn();
    world.refuse("GET /v1/rooms", 403, "forbidden");

    await expect(world.call(ROOMS, () => null)).rejects.toMatchObject({ status: 403 });
  });

  test("is refused without a session", async () => {
    const world = new World().refuse(REFRESH, 401, "unauthenticated");

    await expect(world.call(ROOMS, () => null)).rejects.toMatchObject({
      problem: { code: "unauthenticated" },
    });
  });
});
