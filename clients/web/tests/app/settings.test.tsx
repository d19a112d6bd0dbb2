/** The settings: which there are for whom, and what they ask of the server. */

import { screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { happening, show } from "../support/page.tsx";
import { bodyOf, known, ME } from "../support/settings.ts";
import { settled } from "../support/world.ts";

const PREFERENCES = {
  locale: null,
  theme: "system",
  notifications: { messages: "all", sound: true, email: false },
};

async function titles(): Promise<(string | null)[]> {
  const nav = await screen.findByRole("navigation", { name: "Settings" });
  await screen.findByRole("heading", { level: 1, name: "Profile" });
  return within(nav)
    .getAllByRole("link")
    .map(({ textContent }) => textContent);
}

describe("the sections", () => {
  test("are eight for everybody", async () => {
    await show(await known(), "/settings/profile");

    expect(await titles()).toHaveLength(8);
  });

  test("are more for those who run the server", async () => {
    await show(await known("admin"), "/settings/profile");

    expect((await titles()).slice(8)).toEqual(["People", "Registration", "Reports", "Audit log"]);
  });

  test("of the server are nothing to others, whatever the address says", async () => {
    await show(await known(), "/settings/people");

    expect(await screen.findByText("There is no such page.")).toBeTruthy();
  });

  test("are reached from the rooms, and lead back", async () => {
    const user = await show(await known(), "/rooms");
    await user.click(screen.getByRole("button", { name: "Your settings" }));

    await user.click(screen.getByRole("link", { name: "All settings" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Profile" })).toBeTruthy();
    await user.click(screen.getByRole("link", { name: "Back to rooms" }));

    expect(window.location.pathname).toBe("/rooms");
  });

  test("say when the server does not answer, and can be tried again", async () => {
    const world = await known();
    world.server.isReachable = false;
    const user = await show(world, "/settings/profile");
    expect((await screen.findByRole("alert")).textContent).toMatch(/cannot be reached/);

    world.server.isReachable = true;
    await user.click(screen.getByRole("button", { name: "Try again" }));

    expect(await screen.findByRole("heading", { level: 1, name: "Profile" })).toBeTruthy();
  });
});

describe("the profile", () => {
  test("gets another name, here and in the list of rooms", async () => {
    const world = await known();
    world.server.on("PATCH /v1/me", 200, { ...ME, name: "Alicia" });
    const user = await show(world, "/settings/profile");
    const field = await screen.findByLabelText("Your name");
    expect(screen.getByRole("button", { name: "Save name" })).toHaveProperty("disabled", true);

    await user.clear(field);
    await user.type(field, "Alicia ");
    await user.click(screen.getByRole("button", { name: "Save name" }));

    expect(bodyOf(world, "PATCH /v1/me")).toEqual({ name: "Alicia" });
    expect(await screen.findByText("Saved.")).toBeTruthy();
    expect(world.state.account).toMatchObject({ user: { name: "Alicia" } });
  });

  test("says beside the field why a name will not do", async () => {
    const world = await known();
    const fields = { name: "looks like the name of an admin" };
    world.server.refuse("PATCH /v1/me", 422, "invalid", { fields });
    const user = await show(world, "/settings/profile");

    await user.type(await screen.findByLabelText("Your name"), "2");
    await user.click(screen.getByRole("button", { name: "Save name" }));

    expect(await screen.findByText("Looks like the name of an admin")).toBeTruthy();
  });
});

describe("preferences", () => {
  test("are taken when they are chosen", async () => {
    const world = await known();
    world.server
      .on("GET /v1/me/preferences", 200, PREFERENCES)
      .on("PUT /v1/me/preferences", 200, PREFERENCES);
    const user = await show(world, "/settings/preferences");

    await user.click(await screen.findByRole("radio", { name: /^Mentions/ }));

    expect(bodyOf(world, "PUT /v1/me/preferences")).toEqual({
      ...PREFERENCES,
      notifications: { messages: "mentions", sound: true, email: false },
    });
    expect(await screen.findByText("Saved.")).toBeTruthy();
  });

  test("go back when the server refuses", async () => {
    const world = await known();
    world.server
      .on("GET /v1/me/preferences", 200, PREFERENCES)
      .refuse("PUT /v1/me/preferences", 503, "unavailable");
    const user = await show(world, "/settings/preferences");

    await user.click(await screen.findByRole("checkbox", { name: "With a sound" }));

    expect(await screen.findByRole("alert")).toBeTruthy();
    expect(screen.getByRole("checkbox", { name: "With a sound" })).toHaveProperty("checked", true);
  });
});

describe("privacy", () => {
  const PRIVACY = "/v1/presence/privacy";
  const BOB = { person: { kind: "user", id: "bob", name: "Bob" }, since: "2026-03-01T10:00:00Z" };

  test("says who sees when one was last here, and lets nobody see it", async () => {
    const world = await known();
    world.server
      .on(`GET ${PRIVACY}`, 200, { last_seen: "everybody" })
      .on(`PUT ${PRIVACY}`, 200, { last_seen: "nobody" });
    const user = await show(world, "/settings/privacy");
    const group = await screen.findByRole("group", { name: "Who sees it" });
    const everybody = within(group).getByRole("radio", { name: /^Everybody/ });
    expect(everybody).toHaveProperty("checked", true);

    await user.click(within(group).getByRole("radio", { name: /^Nobody/ }));

    expect(bodyOf(world, `PUT ${PRIVACY}`)).toEqual({ last_seen: "nobody" });
    expect(everybody).toHaveProperty("checked", false);
    expect(await screen.findByText("Saved.")).toBeTruthy();
  });

  test("stays as it was when the server refuses", async () => {
    const world = await known();
    world.server
      .on(`GET ${PRIVACY}`, 200, { last_seen: "nobody" })
      .refuse(`PUT ${PRIVACY}`, 503, "unavailable");
    const user = await show(world, "/settings/privacy");

    await user.click(await screen.findByRole("radio", { name: /^Everybody/ }));

    expect(await screen.findByRole("alert")).toBeTruthy();
    expect(screen.getByRole("radio", { name: /^Nobody/ })).toHaveProperty("checked", true);
    expect(screen.queryByText("Saved.")).toBeNull();
  });

  test("lists whom one has blocked, and takes it back", async () => {
    const world = await known();
    world.server
      .on(`GET ${PRIVACY}`, 200, { last_seen: "everybody" })
      .on("GET /v1/blocks", 200, { items: [BOB], next_cursor: null })
      .on("DELETE /v1/blocks/bob", 204);
    const user = await show(world, "/settings/privacy");
    const button = await screen.findByRole("button", { name: "Unblock Bob" });
    world.server.on("GET /v1/blocks", 200, { items: [], next_cursor: null });

    await user.click(button);

    expect(await screen.findByText("You have blocked nobody.")).toBeTruthy();
    expect(world.state.blocked.size).toBe(0);
  });
});

describe("tokens", () => {
  const TOKEN = {
    id: "t1",
    bot_id: null,
    name: "Backup",
    scopes: ["messages:read"],
    prefix: "hbt_abc",
    created_at: "2026-03-01T10:00:00Z",
    expires_at: "2026-06-01T10:00:00Z",
    last_used_at: null,
  };

  test("are made for what was ticked, and shown once", async () => {
    const world = await known();
    world.server
      .on("GET /v1/tokens", 200, { items: [], next_cursor: null })
      .on("GET /v1/bots", 200, { items: [], next_cursor: null })
      .on("POST /v1/tokens", 201, { ...TOKEN, token: "hbt_abcdef" });
    const user = await show(world, "/settings/tokens");
    await user.click(await screen.findByRole("button", { name: "New token" }));
    expect(screen.getByRole("button", { name: "Make the token" })).toHaveProperty("disabled", true);

    await user.type(screen.getByLabelText("What it is for"), "Backup");
    await user.click(screen.getByRole("checkbox", { name: /^Read messages/ }));
    world.server.on("GET /v1/tokens", 200, { items: [TOKEN], next_cursor: null });
    await user.click(screen.getByRole("button", { name: "Make the token" }));

    expect(bodyOf(world, "POST /v1/tokens")).toEqual({
      name: "Backup",
      scopes: ["messages:read"],
      expires_in_s: 7_776_000,
    });
    expect((await screen.findByLabelText<HTMLInputElement>("Token")).value).toBe("hbt_abcdef");
    await user.click(screen.getByRole("button", { name: "I have copied it" }));
    expect(screen.queryByLabelText("Token")).toBeNull();
    expect(await screen.findByRole("button", { name: "Revoke Backup" })).toBeTruthy();
  });

  test("of a bot say whose they are", async () => {
    const world = await known();
    const bots = [{ id: "b1", name: "Weather", avatar: null }];
    world.server
      .on("GET /v1/tokens", 200, { items: [{ ...TOKEN, bot_id: "b1" }], next_cursor: null })
      .on("GET /v1/bots", 200, { items: bots, next_cursor: null });

    await show(world, "/settings/tokens");

    const item = (await screen.findByRole("button", { name: "Revoke Backup" })).closest("li");
    expect(item?.textContent).toMatch(/Weather/);
  });
});

describe("your data", () => {
  const COPY = { id: "e1", state: "working", progress_percent: 40, bytes: 0 };

  test("are copied with a progress that can be followed", async () => {
    const world = await known();
    world.server
      .on("GET /v1/me/exports", 200, { items: [], next_cursor: null })
      .on("GET /v1/me/erasure", 204)
      .on("POST /v1/me/export", 202, COPY);
    const user = await show(world, "/settings/data");
    const button = await screen.findByRole("button", { name: "Make a copy" });

    world.server.on("GET /v1/me/exports", 200, { items: [COPY], next_cursor: null });
    await user.click(button);

    expect((await screen.findByRole("progressbar")).getAttribute("value")).toBe("40");
    expect(button).toHaveProperty("disabled", true);
  });

  test("are erased only by somebody who types their name, and who is then out", async () => {
    const world = await known();
    world.server
      .on("GET /v1/me/exports", 200, { items: [], next_cursor: null })
      .on("GET /v1/me/erasure", 204)
      .on("DELETE /v1/me", 202, { erasure_id: "x", due_at: "2026-03-01T10:00:00Z" });
    const user = await show(world, "/settings/data");
    await user.click(await screen.findByRole("button", { name: "Delete my account" }));
    const sure = screen.getByRole("button", { name: "Delete it for good" });
    expect(sure).toHaveProperty("disabled", true);

    await user.type(screen.getByLabelText(/^Type your name/), "Alice");
    await user.click(sure);
    await happening(() => {});

    expect(await screen.findByText(/is being erased/)).toBeTruthy();
    expect(world.state.account.phase).toBe("out");
    await settled();
  });
});
