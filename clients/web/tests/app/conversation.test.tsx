import { screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { localProblem } from "#wire/problem.ts";
import type { Message } from "#wire/shapes.ts";
import { ALICE } from "../support/frames.ts";
import { historyItem } from "../support/http.ts";
import { messageOf, unsent } from "../support/messages.ts";
import { happening, show } from "../support/page.tsx";
import { log, reach, roomWith, sent } from "../support/room.tsx";
import { HISTORY, ROOM, World } from "../support/world.ts";

function said(other: Partial<Message>) {
  return { type: "message", message: messageOf(9, other) } as const;
}

describe("a room", () => {
  test("shows its title, its messages and who is here", async () => {
    await roomWith([historyItem(1), historyItem(2, { edited_at: "2026-03-01T10:01:00Z" })]);

    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("General");
    expect(within(log()).getAllByRole("article")).toHaveLength(2);
    expect(within(log()).getByText("(edited)")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Members, 1 online" })).toBeTruthy();
  });

  test("shows text as text, and links without a way back", async () => {
    const content = "<img src=x onerror=alert(1)> https://example.org/a";
    await roomWith([historyItem(1, { content })]);

    expect(log().querySelector("img")).toBeNull();
    const link = within(log()).getByRole("link", { name: "https://example.org/a" });
    expect(link.getAttribute("rel")).toBe("noopener noreferrer");
  });

  test("shows what comes, and where a deleted message was", async () => {
    const { world } = await roomWith([historyItem(1)]);

    await happening(() => {
      world.tellEvent(9, said({ content: "live" }));
      world.tellEvent(10, { type: "message_deleted", id: "m1", deleted_at: "t", author: null });
    });

    expect(within(log()).getByText("live")).toBeTruthy();
    expect(within(log()).getByText("This message was deleted.")).toBeTruthy();
  });

  test("that is empty says so", async () => {
    await roomWith([]);

    expect(within(log()).getByText("Nothing has been said here yet.")).toBeTruthy();
  });

  test("whose history could not be read can be tried again", async () => {
    const world = new World();
    world.server.refuseOnce(HISTORY, 503, "unavailable");
    const { user } = await roomWith([historyItem(1)], world);

    await user.click(within(log()).getByRole("button", { name: "Try again" }));
    await happening(() => {});

    expect(within(log()).getByText("message 1")).toBeTruthy();
  });

  test("shows who is typing", async () => {
    const { world } = await roomWith([historyItem(1)]);

    await happening(() =>
      world.tell({
        type: "signal",
        signal: {
          type: "typing",
          room_id: "A",
          person_id: "bob",
          is_typing: true,
          expires_in_ms: 9,
        },
      }),
    );

    expect(screen.getByText("Bob is typing")).toBeTruthy();
  });
});

test("a room that is opened again shows where the new messages begin", async () => {
  const { world, user } = await roomWith([historyItem(1)]);
  await happening(() => world.tellJoined({ head_seq: 1, read_seq: 1 }));
  await user.click(screen.getByRole("link", { name: "Find rooms" }));
  await happening(() => world.tellEvent(2, said({ seq: 2 })));

  await user.click(screen.getByRole("link", { name: "General 1 unread" }));

  expect(within(log()).getByText("New")).toBeTruthy();
  expect(world.client.wishes.at(-1)).toEqual({ is: "read", room_id: "A", seq: 2 });
});

describe("writing", () => {
  test("sends with Enter, starts a new line with Shift, and empties the box", async () => {
    const { world, user } = await roomWith([]);
    const box = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message" });

    await user.type(box, "one{Shift>}{Enter}{/Shift}two {Enter}");

    expect(await sent(world)).toMatchObject([{ content: "one\ntwo" }]);
    expect(box.value).toBe("");
  });

  test("does not send what is empty or too long", async () => {
    const { world, user } = await roomWith([]);
    const box = screen.getByRole("textbox", { name: "Message" });

    await user.type(box, "   {Enter}");
    await user.clear(box);
    await user.click(box);
    await user.paste("x".repeat(4_001));
    await user.keyboard("{Enter}");

    expect(screen.getByText("1 letters too many")).toBeTruthy();
    expect(await sent(world)).toEqual([]);
  });

  test("tells the others while it happens", async () => {
    const { world, user } = await roomWith([]);

    await user.type(screen.getByRole("textbox", { name: "Message" }), "a{Backspace}");

    const typing = world.client.wishes.filter(({ is }) => is === "typing");
    expect(typing).toMatchObject([{ is_typing: true }, { is_typing: false }]);
  });

  test("keeps what was written when another page is shown", async () => {
    const { user } = await roomWith([]);
    await user.type(screen.getByRole("textbox", { name: "Message" }), "draft");

    await user.click(screen.getByRole("link", { name: "Hubbub" }));
    await user.click(screen.getAllByRole("link", { name: "General" })[0] as HTMLElement);

    const box = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
    expect(box.value).toBe("draft");
  });

  test("shows a message at once, and what became of it", async () => {
    const { world, user } = await roomWith([]);
    const item = unsent("x", { content: "Hello" });
    await happening(() => world.tell({ type: "outbox", items: [item] }));
    expect(within(log()).getByText("Sending")).toBeTruthy();

    const problem = { ...NO, message: "Not now." };
    await happening(() =>
      world.tell({ type: "outbox", items: [{ ...item, state: "failed", problem }] }),
    );
    expect(within(log()).getByText("Not sent. Not now.")).toBeTruthy();

    await user.click(within(log()).getByRole("button", { name: "Try again" }));
    await user.click(within(log()).getByRole("button", { name: "Discard" }));
    expect(world.client.wishes.slice(-2)).toEqual([
      { is: "resend", client_msg_id: "x" },
      { is: "forget", client_msg_id: "x" },
    ]);
  });
});

describe("a message", () => {
  const mine = historyItem(1, { author: ALICE });

  test("of my own can be changed", async () => {
    const { world, user } = await roomWith([mine]);

    await reach(/^Alice/);
    await user.click(screen.getByRole("button", { name: "Edit message" }));
    const box = screen.getByRole("textbox", { name: "New text" });
    await user.clear(box);
    await user.type(box, "better{Enter}");

    expect(world.client.orders).toMatchObject([
      { type: "edit_message", data: { message_id: "m1", content: "better", expected_rev: 1 } },
    ]);
    expect(screen.queryByRole("textbox", { name: "New text" })).toBeNull();
  });

  test("is left as it was by Escape", async () => {
    const { world, user } = await roomWith([mine]);

    await reach(/^Alice/);
    await user.click(screen.getByRole("button", { name: "Edit message" }));
    await user.type(screen.getByRole("textbox", { name: "New text" }), "worse{Escape}");

    expect(world.client.orders).toEqual([]);
    expect(within(log()).getByText("message 1")).toBeTruthy();
  });

  test("is deleted after a question", async () => {
    const { world, user } = await roomWith([mine]);

    await reach(/^Alice/);
    await user.click(screen.getByRole("button", { name: "Delete message" }));
    expect(world.client.orders).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Delete" }));

    expect(world.client.orders).toMatchObject([{ type: "delete_message" }]);
  });

  test("of somebody else can only be reacted to", async () => {
    const { world, user } = await roomWith([historyItem(1)]);
    await reach(/^Bob/);
    expect(screen.queryByRole("button", { name: "Edit message" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Delete message" })).toBeNull();

    // Moving the pointer, this user seems to leave the page between any two elements.
    const still = user.setup({ skipHover: true });
    await still.click(screen.getByRole("button", { name: "Add reaction" }));
    await still.click(screen.getByRole("button", { name: "React with 🎉" }));

    expect(world.client.orders).toMatchObject([{ type: "add_reaction", data: { emoji: "🎉" } }]);
  });

  test("shows its reactions, and mine can be taken back", async () => {
    const reactions = [{ emoji: "👍", count: 2, mine: true }];
    const { world, user } = await roomWith([historyItem(1, { reactions })]);

    const pill = screen.getByRole("button", { name: "👍 2" });
    expect(pill.getAttribute("aria-pressed")).toBe("true");
    await user.click(pill);

    expect(world.client.orders).toMatchObject([{ type: "remove_reaction" }]);
  });
});

describe("one who is not a member", () => {
  test("can look and join, but not write", async () => {
    const world = new World();
    world.server.on("GET /v1/rooms/A", 200, { ...ROOM, role: null });
    world.server.on("GET /v1/me/rooms", 200, { items: [] }).on("POST /v1/rooms/A/join", 204);
    await world.connect();
    world.server.on(HISTORY, 200, { items: [historyItem(1)], next_cursor: null });
    const user = await show(world, "/rooms/A");
    await happening(() => world.tell({ type: "reload", room_id: "A", isGap: false }));
    expect(screen.queryByRole("textbox", { name: "Message" })).toBeNull();
    await reach(/^Bob/);
    expect(screen.queryByRole("button", { name: "Add reaction" })).toBeNull();

    await user.click(screen.getByRole("button", { name: "Join" }));

    expect(screen.getByRole("textbox", { name: "Message" })).toBeTruthy();
  });

  test("any more is told why", async () => {
    const { world } = await roomWith([historyItem(1)]);

    await happening(() => world.tell({ type: "detached", room_id: "A", reason: "removed" }));

    expect(screen.getByText("You were removed from this room.")).toBeTruthy();
    expect(screen.queryByRole("textbox", { name: "Message" })).toBeNull();
  });
});

test("a room that one may not know of says so", async () => {
  const world = await new World().connect();
  world.server.refuse("GET /v1/rooms/X", 404, "not_found");
  world.server.refuse("GET /v1/rooms/X/members", 404, "not_found");

  await show(world, "/rooms/X");

  expect(screen.getByText("There is no such room, or it is not open to you.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: /^Members/ })).toBeNull();
});

const NO = { ...localProblem("muted", ""), retryable: false };
