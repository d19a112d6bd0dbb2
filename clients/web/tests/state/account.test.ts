import { describe, expect, test } from "vitest";
import { ALICE } from "../support/frames.ts";
import { grant } from "../support/http.ts";
import { World } from "../support/world.ts";

describe("the account", () => {
  test("of the cookie is taken up when the page is loaded", async () => {
    const world = new World();
    world.server.on("POST /v1/auth/refresh", 200, grant()).on("GET /v1/me", 200, ALICE);

    await world.app.account.restore();

    expect(world.state.account).toMatchObject({ phase: "in", user: { name: "Alice" } });
    expect(world.client.happened).toEqual([{ is: "start" }]);
  });

  test("is out without a cookie, and unreachable without a server", async () => {
    const world = new World();
    world.server.refuse("POST /v1/auth/refresh", 401, "unauthenticated");
    await world.app.account.restore();
    expect(world.state.account).toEqual({ phase: "out", notice: null });

    world.server.isReachable = false;
    await world.app.account.restore();
    expect(world.state.account).toEqual({ phase: "unreachable" });
  });

  test("is not entered when the server refuses", async () => {
    const world = new World();
    world.server.refuse("POST /v1/auth/login", 401, "invalid_credentials");
    world.server.refuse("POST /v1/auth/register", 409, "email_taken");
    const taken = { email: "a", password: "b", name: "c", ownerToken: null, invite: null };

    const login = await world.app.account.logIn("alice@example.org", "wrong");
    expect(login).toMatchObject({ code: "invalid_credentials" });
    expect(await world.app.account.register(taken)).toMatchObject({ code: "email_taken" });
    expect(world.clients).toEqual([]);
  });

  test("leaves nothing behind for the next person", async () => {
    const world = await new World().connect();
    world.app.conversations.open("A");
    world.app.conversations.draft("A", "secret");
    world.server.on("POST /v1/auth/logout", 204);

    await world.app.account.logOut();

    expect(world.client.happened.at(-1)).toEqual({ is: "stop" });
    expect(world.state).toMatchObject({ rooms: {}, conversations: {}, drafts: {}, outbox: [] });
  });

  test("stays when the server does not hear the goodbye", async () => {
    const world = await new World().connect();
    world.server.isReachable = false;

    await world.app.account.logOut();

    expect(world.state.account.phase).toBe("in");
    expect(world.state.complaints[0]?.sentence).toMatch(/^You are still logged in/);
  });

  test("is out when the server ends the session, and says why", async () => {
    const world = await new World().connect();

    world.tell({ type: "signed_out" });

    expect(world.state.account).toMatchObject({ phase: "out", notice: /session has ended/ });
  });

  test("does not get what the one before had asked for", async () => {
    const world = await new World().logIn();
    const loading = world.app.lobby.load();

    await world.logIn();
    await loading;

    expect(world.state.rooms).toEqual({});
  });
});

describe("the connection", () => {
  test("is hurried, or started again after a stop", async () => {
    const world = await new World().connect();
    world.tell({ type: "status", status: { kind: "reconnecting", retryAt: 9 } });
    world.app.hurry();
    world.tell({ type: "status", status: { kind: "stopped", why: "replaced" } });
    world.app.hurry();

    expect(world.client.happened).toEqual([{ is: "start" }, { is: "wake" }, { is: "start" }]);
  });
});
