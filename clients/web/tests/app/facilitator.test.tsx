import { renderHook, screen } from "@testing-library/react";
import { afterEach, describe, expect, test, vi } from "vitest";
import { sentenceOf } from "#app/desk/changes.ts";
import { USUAL_GUESTS, withHours, withOpening } from "#app/rooms/hours.ts";
import "#app/desk/DeskPage.tsx";
import "#app/desk/guests/GuestsSection.tsx";
import { useLoad } from "#app/ui/useLoad.ts";
import { BOB } from "../support/frames.ts";
import { happening, show } from "../support/page.tsx";
import { bodyOf } from "../support/settings.ts";
import { HISTORY, ROOM, World } from "../support/world.ts";

const NOON = Date.parse("2026-03-01T12:00:00Z");
const ALLOWED = ["read", "change_room", "mute", "ban", "remove_member", "take_transcript"];

afterEach(() => vi.unstubAllGlobals());

/** The desk of a guest room, on a device whose clock is two hours behind the server's. */
async function desk(other: object = {}) {
  const room = { ...ROOM, kind: "guest", role: "owner", slug: "sunday", state: "open", ...other };
  const world = new World();
  world.now = NOON - 7_200_000;
  await world.connect();
  world.tell({ type: "clock", server_time: "2026-03-01T12:00:00Z" });
  world.server
    .on("GET /v1/rooms/A", 200, room)
    .on("PATCH /v1/rooms/A", 200, room)
    .on("GET /v1/rooms/A/permissions", 200, { role: "owner", allowed: ALLOWED })
    .on("GET /v1/rooms/A/mutes", 200, { items: [] })
    .on("GET /v1/rooms/A/guests", 200, { items: [] });
  const user = await show(world, "/rooms/A/desk/guests");
  await screen.findByRole("heading", { name: /^Guests/ });
  return { world, user };
}

/** Bob follows the link. */
async function comesIn(world: World, mute: object = { is_muted: false }): Promise<void> {
  const guest = { person: { ...BOB, kind: "guest" }, alias: "Bob", ...mute };
  const times = { since: "2026-03-01T11:00:00Z", last_seen_at: "2026-03-01T11:00:00Z" };
  world.server.on("GET /v1/rooms/A/guests", 200, { items: [{ ...guest, ...times }] });
  await happening(() => world.tellEvent(1, { type: "member_joined", person: BOB, role: "guest" }));
}

describe("a facilitator whose clock is wrong", () => {
  test("opens a room again for an hour of the server's", async () => {
    const { world, user } = await desk({ state: "closed", closes_at: "2026-03-01T11:00:00Z" });

    await user.click(await screen.findByRole("button", { name: "Open again for one hour" }));

    expect(bodyOf(world, "PATCH /v1/rooms/A")).toEqual({ closes_at: "2026-03-01T13:00:00.000Z" });
  });

  test("gives a quarter of an hour more from where it stands", async () => {
    const { world, user } = await desk({ closes_at: "2026-03-01T11:59:59Z" });

    await user.click(await screen.findByRole("button", { name: "15 minutes more" }));

    expect(bodyOf(world, "PATCH /v1/rooms/A")).toEqual({ closes_at: "2026-03-01T12:15:00.000Z" });
  });

  test("mutes somebody for ten minutes", async () => {
    const { world, user } = await desk();
    world.server.on("PUT /v1/rooms/A/mutes/bob", 200, {});
    await comesIn(world);

    await user.click(await screen.findByRole("button", { name: "Manage Bob" }));
    await user.click(await screen.findByRole("button", { name: "Mute" }));

    const body = bodyOf(world, "PUT /v1/rooms/A/mutes/bob");
    expect(body).toMatchObject({ until: "2026-03-01T12:10:00.000Z" });
  });

  test("makes a room that is open for an hour of the server's", async () => {
    const { world, user } = await desk();
    world.server.on("POST /v1/rooms", 201, { ...ROOM, kind: "guest" });

    await user.click(screen.getByRole("button", { name: "New room" }));
    await user.type(await screen.findByLabelText("Title"), "Sunday");
    await user.click(screen.getByRole("radio", { name: /^Guests/ }));
    await user.click(screen.getByRole("button", { name: "Create room" }));

    expect(bodyOf(world, "POST /v1/rooms")).toMatchObject({
      closes_at: "2026-03-01T13:00:00.000Z",
    });
  });
});

test("who makes a room is offered no guests where the server makes no such rooms", async () => {
  const world = await new World().connect();
  world.server.on("GET /v1/guest-rooms", 200, { may_be_made: false });
  const user = await show(world, "/rooms");

  await user.click(screen.getByRole("button", { name: "New room" }));

  expect(await screen.findByRole("radio", { name: /^Private/ })).toBeTruthy();
  await vi.waitFor(() => expect(screen.queryByRole("radio", { name: /^Guests/ })).toBeNull());
});

describe("the desk of a guest room", () => {
  test("says that the password has to be sent too", async () => {
    await desk({ has_password: true });

    expect(await screen.findByText(/send them that too/)).toBeTruthy();
  });

  test("sends the link as this device does", async () => {
    const share = vi.fn(async () => {});
    vi.stubGlobal("navigator", Object.assign(Object.create(navigator), { share }));
    const { user } = await desk();

    await user.click(await screen.findByRole("button", { name: "Send it" }));

    expect(share).toHaveBeenCalledWith({
      title: ROOM.title,
      url: expect.stringMatching(/\/g\/sunday$/),
    });
  });

  test("names nobody who was shut out when the room closed", async () => {
    const { world } = await desk({ closes_at: "2026-03-01T12:30:00Z" });
    await comesIn(world);
    expect(await screen.findByRole("button", { name: "Manage Bob" })).toBeTruthy();

    const closed = { ...ROOM, kind: "guest", role: "owner", slug: "sunday", state: "closed" };
    world.server
      .on("GET /v1/rooms/A", 200, closed)
      .on("GET /v1/rooms/A/guests", 200, { items: [] });
    const setting = { kind: "guest", state: "closed", title: "General", topic: "" } as const;
    const times = { opens_at: null, closes_at: "2026-03-01T12:00:00Z", slow_mode_s: 0 };
    await happening(() => world.tellEvent(2, { type: "room_updated", ...setting, ...times }));

    expect(await screen.findByText("Nobody is in.")).toBeTruthy();
  });

  test("marks who is muted, and until when", async () => {
    const { world } = await desk();
    await comesIn(world, { is_muted: true, muted_until: "2026-03-01T13:00:00Z" });

    expect((await screen.findByText(/^Muted until/)).parentElement?.textContent).toMatch(/^Bob/);
  });

  test("says until when the transcript can be taken", async () => {
    await desk({ state: "closed", purge_at: "2026-03-02T10:00:00Z" });

    expect(await screen.findByText(/removed for good on .*: take it before/)).toBeTruthy();
    expect(screen.getByText("Nobody is in.")).toBeTruthy();
  });
});

describe("the end of a guest room", () => {
  const PATCH = "PATCH /v1/rooms/A";
  const label = "When it is over";

  test("is chosen by whoever looks after it, from at once to a year later", async () => {
    const { world, user } = await desk({ closes_at: "2026-03-01T13:00:00Z", purge_after_s: 7_200 });
    const choice: HTMLSelectElement = await screen.findByLabelText(label);
    expect(choice.selectedOptions[0]?.textContent).toBe("Remove it 2 hours later");
    expect(screen.getByText(/removed for good 2 hours after it has closed/)).toBeTruthy();

    const kept = { ...ROOM, kind: "guest", role: "owner", purge_after_s: 31_536_000 };
    world.server.on(PATCH, 200, kept);
    await user.selectOptions(choice, "Remove it a year later");

    expect(bodyOf(world, PATCH)).toEqual({ purge_after_s: 31_536_000 });
    expect(screen.getByText(/removed for good 365 days after it has closed/)).toBeTruthy();
  });

  test("is taken away again", async () => {
    const { world, user } = await desk({ state: "closed", purge_after_s: 86_400 });

    await user.selectOptions(await screen.findByLabelText(label), "Keep it");

    expect(bodyOf(world, PATCH)).toEqual({ purge_after_s: null });
  });

  test("that would be now is asked about first", async () => {
    const hours = { state: "closed", closes_at: "2026-03-01T10:00:00Z", purge_after_s: null };
    const { world, user } = await desk(hours);
    expect(await screen.findByText(/stays until somebody deletes it/)).toBeTruthy();

    await user.selectOptions(screen.getByLabelText(label), "Remove it an hour later");
    expect(await screen.findByRole("dialog", { name: "Remove this room now?" })).toBeTruthy();
    expect(world.server.lines).not.toContain(PATCH);
    await user.click(screen.getByRole("button", { name: "Remove it" }));

    expect(bodyOf(world, PATCH)).toEqual({ purge_after_s: 3_600 });
  });
});

test("what was asked for earlier and is answered later replaces nothing", async () => {
  const answers: ((guests: string) => void)[] = [];
  const load = () => new Promise<string>((answer) => answers.push(answer));
  const { result } = renderHook(() => useLoad(load));
  void result.current.reload();

  await happening(() => answers[1]?.("nobody"));
  await happening(() => answers[0]?.("Gil"));

  expect(result.current.value).toBe("nobody");
});

test("nobody is asked to say hello in a room that is not open yet", async () => {
  const world = await new World().connect();
  const room = { ...ROOM, kind: "guest", state: "scheduled", opens_at: "2999-03-01T10:00:00Z" };
  world.server.on("GET /v1/rooms/A", 200, room).on(HISTORY, 200, { items: [], next_cursor: null });
  await show(world, "/rooms/A");
  await happening(() => world.tellJoined());

  expect(await screen.findByText("Nothing has been said here yet.")).toBeTruthy();
  expect(screen.queryByText("Say hello.")).toBeNull();
});

describe("a set time", () => {
  const local = (time: string) => new Date(time).getTime();

  test("begins as the next quarter, for an hour", () => {
    const wish = withHours(USUAL_GUESTS, "set", NOON + 1);

    expect(local(wish.opens)).toBe(NOON + 15 * 60_000);
    expect(local(wish.closes)).toBe(NOON + 75 * 60_000);
  });

  test("lasts as long as before when it begins later", () => {
    const wish = withHours(USUAL_GUESTS, "set", NOON);

    const moved = withOpening({ ...wish, closes: "2026-03-01T15:00" }, "2026-03-02T09:00");

    expect(local(moved.closes) - local(moved.opens)).toBe(
      local("2026-03-01T15:00") - local(wish.opens),
    );
  });

  test("has no end where none was set", () => {
    const wish = { ...USUAL_GUESTS, opens: "2026-03-01T12:00", closes: "" };

    expect(withOpening(wish, "2026-03-01T13:00").closes).toBe("");
    expect(withOpening({ ...wish, closes: "2026-03-01T14:00" }, "").closes).toBe(
      "2026-03-01T14:00",
    );
  });
});

test.each([
  ["state", "closed", "closed the room."],
  ["state", "open", "opened the room."],
  ["state", "read_only", "made the room read-only."],
  ["state", "dreaming", "changed whether the room is open to “dreaming”."],
  ["slow_mode_s", 15, "changed the slow mode to 15 seconds."],
  ["slow_mode_s", 0, "changed the slow mode to none."],
  ["purge_after_s", 3_600, "changed how long after its end it is removed to 1 hour."],
  ["max_members", 12, "changed how many come in to 12."],
])("a change of %s to %s is told as: %s", (field, is, words) => {
  const details = [["field", field] as const, ["is", is] as const];

  expect(sentenceOf({ at: "t", kind: "room.changed", actor: null, subject: null, details })).toBe(
    words,
  );
});
