import { screen, within } from "@testing-library/react";
import { afterEach, describe, expect, test, vi } from "vitest";
import { sentenceOf } from "#app/desk/changes.ts";
import { rolesToGive, standsAbove } from "#app/people/standing.ts";
import { calmed } from "#app/rooms/calm.ts";
import { guestWish, USUAL_GUESTS } from "#app/rooms/hours.ts";
import "#app/desk/DeskPage.tsx";
import { BOB } from "../support/frames.ts";
import { historyItem } from "../support/http.ts";
import { happening, show } from "../support/page.tsx";
import { bodyOf } from "../support/settings.ts";
import { ROOM, World } from "../support/world.ts";

const EVERYTHING = [
  ...["read", "change_room", "mute", "ban", "remove_member", "change_role", "transfer"],
  ...["invite", "moderate", "see_changes", "archive", "delete_room", "take_transcript"],
];

/** The desk of a room, for somebody who may do so much there. */
async function desk(section: string, allowed = EVERYTHING, room: object = {}) {
  const world = await deskWorld(allowed, room);
  const user = await show(world, `/rooms/A/desk/${section}`);
  return { world, user };
}

async function deskWorld(allowed = EVERYTHING, room: object = {}): Promise<World> {
  const world = await new World().connect();
  world.server
    .on("GET /v1/rooms/A", 200, { ...ROOM, role: "owner", member_count: 2, ...room })
    .on("GET /v1/rooms/A/permissions", 200, { role: "owner", allowed })
    .on("GET /v1/rooms/A/members", 200, { items: [{ person: BOB, role: "member" }] })
    .on("GET /v1/rooms/A/mutes", 200, { items: [] });
  return world;
}

afterEach(() => vi.useRealTimers());

describe("the desk", () => {
  test("offers what one may do, and nothing else", async () => {
    await desk("", ["read"]);

    const nav = await screen.findByRole("navigation", { name: "Desk" });
    expect(
      within(nav)
        .getAllByRole("link")
        .map(({ textContent }) => textContent),
    ).toEqual(["Members"]);
  });

  test("marks who is muted and until when, for as long as they are", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true, toFake: ["setInterval", "clearInterval"] });
    const world = await deskWorld();
    const mute = { is_muted: true, muted_until: new Date(30_000).toISOString() };
    const items = [
      { person: BOB, role: "member", ...mute },
      { person: { ...BOB, id: "carl", name: "Carl" }, role: "member", ...mute, muted_until: null },
      { person: { ...BOB, id: "dan", name: "Dan" }, role: "member", is_muted: false },
    ];
    world.server.on("GET /v1/rooms/A/members", 200, { items });
    await show(world, "/rooms/A/desk/members");

    expect((await screen.findByText(/^Muted until/)).parentElement?.textContent).toMatch(/^Bob/);
    expect(screen.getByText("Muted").parentElement?.textContent).toMatch(/^Carl/);
    expect(screen.getAllByText(/^Muted/)).toHaveLength(2);

    world.now += 30_000;
    await happening(() => vi.advanceTimersByTime(1_000));
    expect(screen.queryByText(/^Muted until/)).toBeNull();
  });

  test("mutes a member for a while", async () => {
    const { world, user } = await desk("members");
    world.server.on("PUT /v1/rooms/A/mutes/bob", 200, {});

    await user.click(await screen.findByRole("button", { name: "Manage Bob" }));
    await user.click(await screen.findByRole("button", { name: "Mute" }));

    expect(bodyOf(world, "PUT /v1/rooms/A/mutes/bob")).toHaveProperty("until");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  test("lets somebody write again who is far down the list of the muted", async () => {
    const world = await deskWorld();
    const muted = { person: BOB, until: null, reason: "" };
    world.server
      .once("GET /v1/rooms/A/mutes", 200, { items: [], next_cursor: "further" })
      .on("GET /v1/rooms/A/mutes", 200, { items: [muted], next_cursor: null })
      .on("DELETE /v1/rooms/A/mutes/bob", 204);
    const user = await show(world, "/rooms/A/desk/members");

    await user.click(await screen.findByRole("button", { name: "Manage Bob" }));
    await user.click(await screen.findByRole("button", { name: "Let them write again" }));

    expect(screen.queryByRole("dialog")).toBeNull();
  });

  test.each([
    ["offline", "2026-03-01T10:00:00Z", true],
    ["offline", null, false],
    ["unknown", null, false],
    ["online", null, false],
  ])("says of %s, last seen %s, when it was: %s", async (state, last_seen, isSaid) => {
    const { world, user } = await desk("members");
    const items = [{ person_id: "bob", state, last_seen }];
    world.server.on("GET /v1/presence", 200, { items });

    await user.click(await screen.findByRole("button", { name: "Manage Bob" }));
    const dialog = await screen.findByRole("dialog", { name: "Bob" });
    await within(dialog).findByRole("button", { name: "Mute" });

    expect(within(dialog).queryAllByText(/^Last seen .*2026/)).toHaveLength(isSaid ? 1 : 0);
  });

  test("hands the room over after a question", async () => {
    const { world, user } = await desk("members");
    world.server.on("POST /v1/rooms/A/transfer", 200, ROOM);

    await user.click(await screen.findByRole("button", { name: "Manage Bob" }));
    await user.click(await screen.findByRole("button", { name: "Hand the room over" }));
    await user.click(screen.getByRole("button", { name: "Hand it over" }));

    expect(bodyOf(world, "POST /v1/rooms/A/transfer")).toEqual({ user_id: "bob" });
  });

  test("shows what was reported, and dismisses it", async () => {
    const { world, user } = await desk("reports");
    const message = { ...historyItem(3), room_id: "A" };
    const report = { reporter: BOB, reason: "abuse", note: "Look", state: "open" };
    const item = { ...report, id: "r1", message, at: "2026-03-01T10:00:00Z" };
    world.server
      .on("GET /v1/rooms/A/reports", 200, { items: [item] })
      .on("PATCH /v1/rooms/A/reports/r1", 200, { ...item, state: "dismissed" });

    await user.click(await screen.findByRole("button", { name: "Dismiss" }));

    expect(bodyOf(world, "PATCH /v1/rooms/A/reports/r1")).toEqual({ state: "dismissed" });
    expect(await screen.findByText("Nothing waits for you.")).toBeTruthy();
  });

  test("makes an invitation without an end, and revokes it", async () => {
    const limits = { role: "admin", uses: 2, created_at: "2026-03-01T10:00:00Z" };
    const invite = { ...limits, id: "i1", code: "abc", made_by: BOB };
    const { world, user } = await desk("invites");
    world.server
      .on("GET /v1/rooms/A/invites", 200, { items: [invite] })
      .on("POST /v1/rooms/A/invites", 201, invite)
      .on("DELETE /v1/invites/i1", 204);
    await user.click(await screen.findByRole("button", { name: "New invitation" }));

    await user.selectOptions(screen.getByLabelText("It is good for"), "Until it is revoked");
    await user.selectOptions(screen.getByLabelText("They come in as"), "Admin");
    await user.click(screen.getByRole("button", { name: "Make the link" }));
    const link = await screen.findByRole<HTMLInputElement>("textbox", {
      name: /^Invitation by Bob/,
    });
    world.server.on("GET /v1/rooms/A/invites", 200, { items: [] });
    const item = link.closest("li");
    await user.click(screen.getByRole("button", { name: /^Revoke/ }));

    expect(bodyOf(world, "POST /v1/rooms/A/invites")).toEqual({ role: "admin" });
    expect(link.value).toMatch(/\/invite\/abc$/);
    expect(item?.textContent).toMatch(/Used by 2.*by Bob, as Admin/);
    expect(await screen.findByText("None is open.")).toBeTruthy();
  });

  test("of a guest room has its link, and gives more time", async () => {
    const closes = { state: "open", closes_at: "2999-03-01T10:00:00Z" };
    const room = { ...closes, kind: "guest", slug: "sunday", has_password: false };
    const { world, user } = await desk("guests", EVERYTHING, room);
    world.server
      .on("GET /v1/rooms/A/guests", 200, { items: [] })
      .on("PATCH /v1/rooms/A", 200, { ...ROOM, ...room });

    const link = await screen.findByRole<HTMLInputElement>("textbox", { name: "Link for guests" });
    expect(link.value).toMatch(/\/g\/sunday$/);
    await user.click(screen.getByRole("button", { name: "15 minutes more" }));

    const body = bodyOf(world, "PATCH /v1/rooms/A");
    expect(body).toEqual({ closes_at: "2999-03-01T10:15:00.000Z" });
  });

  test("says when the room cannot be read, and tries again", async () => {
    const world = await new World().connect();
    world.server
      .refuseOnce("GET /v1/rooms/A", 503, "unavailable")
      .on("GET /v1/rooms/A/permissions", 200, { role: "member", allowed: ["read"] });
    const user = await show(world, "/rooms/A/desk");

    await user.click(await screen.findByRole("button", { name: "Try again" }));
    await happening(() => {});

    expect(await screen.findByRole("navigation", { name: "Desk" })).toBeTruthy();
  });
});

test("nobody is managed by those who stand no higher", () => {
  expect(standsAbove("admin", "member")).toBe(true);
  expect(standsAbove("admin", "admin")).toBe(false);
  expect(rolesToGive("admin", "member")).toEqual([]);
  expect(rolesToGive("owner", "guest")).toEqual([]);
});

test("a list that is held keeps its order: what came is on top, what went is gone", () => {
  expect(calmed(["a", "b", "c"], ["c", "d", "a"])).toEqual(["d", "a", "c"]);
});

test("a room of guests is open for an hour from now, unless a time is set", () => {
  const now = Date.parse("2026-03-01T10:00:00Z");

  expect(guestWish(USUAL_GUESTS, now)).toMatchObject({
    opensAt: null,
    closesAt: "2026-03-01T11:00:00.000Z",
  });
  expect(guestWish({ ...USUAL_GUESTS, hours: "" }, now).closesAt).toBeNull();
});

test.each([
  ["member.role", { is: "admin" }, "made Bob an admin."],
  ["room.changed", { field: "title", is: "New" }, "changed the title to “New”."],
  ["room.changed", { field: "is_locked", is: true }, "locked the door."],
  ["something.new", {}, "something new."],
])("%s %j is said: %s", (kind, details, words) => {
  const change = { at: "t", kind, actor: null, subject: BOB, details: Object.entries(details) };

  expect(sentenceOf(change)).toBe(words);
});
