/** What owners and admins see of the people of their server. */

import { screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { show } from "../support/page.tsx";
import { bodyOf, known } from "../support/settings.ts";
import type { World } from "../support/world.ts";

const BOB = {
  id: "bob",
  kind: "user",
  name: "Bob",
  email: "bob@example.org",
  system_role: "member",
  is_disabled: false,
  avatar: null,
  sessions: 2,
  last_used_at: null,
  created_at: "2026-03-01T10:00:00Z",
};

async function openBob(world: World) {
  world.server.on("GET /v1/admin/users", 200, { items: [BOB], next_cursor: null });
  const user = await show(world, "/settings/people");
  await user.click(await screen.findByRole("button", { name: "Manage Bob" }));
  return user;
}

describe("people", () => {
  test("are found by words, role and state", async () => {
    const world = await known("owner");
    world.server.on("GET /v1/admin/users", 200, { items: [BOB], next_cursor: null });
    const user = await show(world, "/settings/people");

    await user.selectOptions(await screen.findByLabelText("Role"), "Admins");
    await user.selectOptions(screen.getByLabelText("State"), "Blocked");
    await user.type(screen.getByLabelText("Name or e-mail"), "bo");

    const wanted = "GET /v1/admin/users?q=bo&role=admin&disabled=true";
    await expect.poll(() => world.server.lines).toContain(wanted);
  });

  test("are shown page by page", async () => {
    const world = await known("owner");
    const items = [{ ...BOB, id: "carol", name: "Carol" }];
    world.server
      .once("GET /v1/admin/users", 200, { items: [BOB], next_cursor: "c1" })
      .on("GET /v1/admin/users", 200, { items, next_cursor: null });
    const user = await show(world, "/settings/people");

    await user.click(await screen.findByRole("button", { name: "Show more" }));

    expect(await screen.findByRole("button", { name: "Manage Carol" })).toBeTruthy();
    expect(screen.getByRole("button", { name: "Manage Bob" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  });

  test("get another role", async () => {
    const world = await known("owner");
    world.server.on("PATCH /v1/admin/users/bob", 200, BOB);
    const user = await openBob(world);

    await user.click(screen.getByRole("radio", { name: /^Admin/ }));

    expect(bodyOf(world, "PATCH /v1/admin/users/bob")).toEqual({ system_role: "admin" });
    expect(await screen.findByText("The role is changed.")).toBeTruthy();
  });

  test("are blocked, which logs them out", async () => {
    const world = await known("owner");
    world.server.on("PATCH /v1/admin/users/bob", 200, BOB);
    const user = await openBob(world);

    await user.click(screen.getByRole("button", { name: "Block this account" }));

    expect(bodyOf(world, "PATCH /v1/admin/users/bob")).toEqual({ disabled: true });
    expect(await screen.findByText(/^Blocked, and logged out/)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Let them in again" })).toBeTruthy();
  });

  test("above an admin are theirs to leave alone", async () => {
    const world = await known("admin");
    world.server.refuse("PATCH /v1/admin/users/bob", 403, "forbidden");
    const user = await openBob(world);
    expect(screen.queryByRole("radio", { name: /^Owner/ })).toBeNull();
    expect(screen.queryByRole("button", { name: "Erase this account" })).toBeNull();

    await user.click(screen.getByRole("button", { name: "Block this account" }));

    expect((await screen.findByRole("alert")).textContent).toBe("no: forbidden");
  });

  test("are erased by owners, after a question", async () => {
    const world = await known("owner");
    world.server.on("POST /v1/admin/users/bob/erase", 202, {});
    const user = await openBob(world);

    await user.click(screen.getByRole("button", { name: "Erase this account" }));
    await user.click(screen.getByRole("button", { name: "Erase for good" }));

    expect(await screen.findByText("Nobody matches.")).toBeTruthy();
  });
});

describe("registration", () => {
  const POLICY = { registration: "open", domains: [] };
  const INVITE = {
    id: "v1",
    made_by: "alice",
    uses: 0,
    max_uses: 1,
    created_at: "2026-03-01T10:00:00Z",
    expires_at: "2026-03-08T10:00:00Z",
    state: "good",
  };

  async function openRegistration() {
    const world = await known("admin");
    world.server
      .on("GET /v1/admin/policy", 200, POLICY)
      .on("GET /v1/admin/invites", 200, { items: [], next_cursor: null });
    const user = await show(world, "/settings/registration");
    await screen.findByRole("group", { name: "New accounts" });
    return { world, user };
  }

  test("is closed to all but the invited", async () => {
    const { world, user } = await openRegistration();
    world.server.on("PATCH /v1/admin/policy", 200, { ...POLICY, registration: "invite" });

    await user.click(screen.getByRole("radio", { name: /^By invitation/ }));

    expect(bodyOf(world, "PATCH /v1/admin/policy")).toEqual({ registration: "invite" });
    expect(screen.getByRole("radio", { name: /^By invitation/ })).toHaveProperty("checked", true);
  });

  test("is for addresses of some domains, however they are written down", async () => {
    const { world, user } = await openRegistration();
    const domains = ["example.org", "example.com"];
    world.server.on("PATCH /v1/admin/policy", 200, { ...POLICY, domains });

    await user.type(screen.getByLabelText("Allowed domains"), "example.org  example.com,");
    await user.click(screen.getByRole("button", { name: "Save domains" }));

    expect(bodyOf(world, "PATCH /v1/admin/policy")).toEqual({ domains });
    expect(await screen.findByText("Saved.")).toBeTruthy();
  });

  test("by a link, which is shown once", async () => {
    const { world, user } = await openRegistration();
    const link = "https://chat.example.org/register#invite=abc";
    world.server.on("POST /v1/admin/invites", 201, { ...INVITE, link, is_sent: false });
    await user.click(screen.getByRole("button", { name: "New invitation" }));

    world.server.on("GET /v1/admin/invites", 200, { items: [INVITE], next_cursor: null });
    await user.click(screen.getByRole("button", { name: "Make the link" }));

    expect((await screen.findByLabelText<HTMLInputElement>("Invitation")).value).toBe(link);
    await user.click(screen.getByRole("button", { name: "I have copied it" }));
    expect(screen.getByText("Used by 0 of 1")).toBeTruthy();
  });
});

describe("the audit log", () => {
  const ENTRY = {
    id: 7,
    at: "2026-03-01T10:00:00Z",
    kind: "session.opened",
    outcome: "done",
    actor: { id: "bob", name: "Bob" },
    subject: { id: "bob", name: "Bob" },
    address: "192.0.2.1",
    session_id: null,
    details: { is_new_place: true, is_second: false, proved_by: "password" },
  };

  test("says who did what in words, and what a newer server calls otherwise", async () => {
    const world = await known("owner");
    const strange = { ...ENTRY, id: 8, kind: "teapot.boiled", actor: null, subject: null };
    world.server.on("GET /v1/admin/audit", 200, { items: [ENTRY, strange], next_cursor: null });
    await show(world, "/settings/audit");

    const strangest = (await screen.findByText("Teapot boiled")).closest("li");

    const first = screen.getByText("Logged in", { selector: "span" }).closest("li");
    expect(first?.textContent).toContain("Bob, from 192.0.2.1, new place, proved by password");
    expect(strangest?.textContent).toContain("Somebody unknown");
  });

  test("is narrowed to any kind that the server has, and to none that it has not", async () => {
    const world = await known("owner");
    world.server.on("GET /v1/admin/audit", 200, { items: [], next_cursor: null });
    await show(world, "/settings/audit");

    const what = within(await screen.findByLabelText("What"));

    expect(what.getByText("Password set by a link")).toBeTruthy();
    expect(what.getByText("API token made")).toBeTruthy();
    expect(what.queryByText("Account erased")).toBeNull();
  });

  test("is narrowed to a person by their name, and to a kind", async () => {
    const world = await known("owner");
    world.server.on("GET /v1/admin/audit", 200, { items: [ENTRY], next_cursor: null });
    const user = await show(world, "/settings/audit");

    await user.click(await screen.findByRole("button", { name: "Bob" }));
    await user.selectOptions(screen.getByLabelText("What"), "Logged in");

    const wanted = "GET /v1/admin/audit?kind=session.opened&person_id=bob";
    await expect.poll(() => world.server.lines).toContain(wanted);
    await user.click(screen.getByRole("button", { name: "Everybody" }));
    expect(screen.queryByText(/Only what concerns/)).toBeNull();
  });
});

test("letters that nobody was sent can be read by an owner", async () => {
  const world = await known("owner");
  const letter = {
    id: "1",
    to: "bob@example.org",
    kind: "reset_password",
    subject: "A new password",
    text: "Follow https://chat.example.org/reset#token=abc",
    posted_at: "2026-03-01T10:00:00Z",
  };
  world.server.on("GET /v1/admin/mail", 200, { items: [letter], next_cursor: null });
  await show(world, "/settings/mail");

  const item = (await screen.findByText("A new password")).closest("li");

  expect(within(item as HTMLElement).getByText(/reset#token=abc/)).toBeTruthy();
});
