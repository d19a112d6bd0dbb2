import { screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { ALICE } from "../support/frames.ts";
import { historyItem, itemsOf } from "../support/http.ts";
import { box, log, reach, roomWith } from "../support/room.tsx";
import { settled } from "../support/world.ts";

describe("walking with the keyboard", () => {
  const focused = () => document.activeElement?.textContent?.match(/message \d+/)?.[0];

  test("begins at the newest message and goes up, down and to both ends", async () => {
    const { user } = await roomWith(itemsOf(1, 5));
    expect(within(log()).getAllByRole("article").at(-1)?.tabIndex).toBe(0);

    await reach(/Bob/, -1);
    await user.keyboard("{ArrowUp}{ArrowUp}");
    expect(focused()).toBe("message 3");
    await user.keyboard("{ArrowDown}");
    expect(focused()).toBe("message 4");
    await user.keyboard("{Home}");
    expect(focused()).toBe("message 1");
    await user.keyboard("{End}");
    expect(focused()).toBe("message 5");
  });

  test("leads into the tools of a message, out of them, and to where one writes", async () => {
    const { user } = await roomWith(itemsOf(1, 2));
    const article = await reach(/Bob/, -1);

    await user.keyboard("{Enter}");
    expect(document.activeElement).toBe(
      within(article).getByRole("button", { name: "Add reaction" }),
    );
    await user.keyboard("{Escape}");
    expect(document.activeElement).toBe(article);
    await user.keyboard("{Escape}");
    expect(document.activeElement).toBe(box());
  });

  test("changes the last message of one's own from an empty box", async () => {
    const { user } = await roomWith([
      historyItem(1, { author: ALICE, content: "first" }),
      historyItem(2, { author: ALICE, content: "second" }),
      historyItem(3),
    ]);
    await user.click(box());

    await user.keyboard("{ArrowUp}");
    const editor = screen.getByRole<HTMLTextAreaElement>("textbox", { name: "New text" });
    expect(editor.value).toBe("second");
    await user.keyboard("{Escape}");

    expect(screen.queryByRole("textbox", { name: "New text" })).toBeNull();
    expect(document.activeElement).toBe(box());
  });

  test("leaves the arrow to a box in which something is written", async () => {
    const { user } = await roomWith([historyItem(1, { author: ALICE })]);

    await user.type(box(), "a{ArrowUp}");

    expect(screen.queryByRole("textbox", { name: "New text" })).toBeNull();
    await settled();
  });
});
