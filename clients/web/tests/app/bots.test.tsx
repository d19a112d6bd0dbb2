import { act, screen, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { show } from "../support/page.tsx";
import { World } from "../support/world.ts";

const AVATAR = "/v1/users/b1/avatar?v=1";
const BOT = { id: "b1", kind: "bot", name: "Weather", avatar: AVATAR };

const FILE = new File(["x"], "cloud.png", { type: "image/png" });

async function withBot(bot: object) {
  vi.stubGlobal("createImageBitmap", async () => ({ width: 9, height: 9, close() {} }));
  const world = await new World().connect();
  world.server
    .on("GET /v1/me", 200, { id: "alice", name: "Alice", email: "alice@example.org" })
    .on("GET /v1/tokens", 200, { items: [], next_cursor: null })
    .on("GET /v1/bots", 200, { items: [bot], next_cursor: null });
  const user = await show(world, "/settings/tokens");
  await user.click(await screen.findByRole("button", { name: "Picture of Weather" }));
  return { world, user, dialog: screen.getByRole("dialog", { name: "Picture of Weather" }) };
}

describe("the picture of a bot", () => {
  test("can be removed", async () => {
    const { world, user, dialog } = await withBot(BOT);
    world.server.on("DELETE /v1/bots/b1/avatar", 204);

    await user.click(within(dialog).getByRole("button", { name: "Remove it" }));

    expect(world.server.lines).toContain("DELETE /v1/bots/b1/avatar");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  test("is cut out of one that is chosen", async () => {
    const { world, user, dialog } = await withBot({ ...BOT, avatar: null });
    world.server.on("PUT /v1/bots/b1/avatar", 200, BOT);
    HTMLCanvasElement.prototype.toBlob = (take) => take(new Blob(["x"], { type: "image/png" }));
    expect(within(dialog).queryByRole("button", { name: "Remove it" })).toBeNull();

    await user.upload(within(dialog).getByLabelText("Choose a picture"), FILE);
    await user.click(await screen.findByRole("button", { name: "Use this" }));

    const put = world.server.asked.find(({ line }) => line === "PUT /v1/bots/b1/avatar");
    expect(put?.headers["content-type"]).toBe("image/png");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  test("is still asked for when no file was chosen, or another part of one is wanted", async () => {
    const { user, dialog } = await withBot(BOT);
    const input = within(dialog).getByLabelText("Choose a picture");

    // Whoever closes the browser's own window for files.
    act(() => void input.dispatchEvent(new Event("cancel", { bubbles: true })));
    await user.upload(input, FILE);
    const [, inner] = screen.getAllByRole("dialog");
    act(() => void inner?.dispatchEvent(new Event("cancel")));

    expect(screen.getAllByRole("dialog")).toEqual([dialog]);
  });
});
