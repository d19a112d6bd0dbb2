/** One room on the page, to be used as a person would. */

import { screen, within } from "@testing-library/react";
import { happening, show } from "./page.tsx";
import { HISTORY, World } from "./world.ts";

/** Room A as Alice sees it, with these messages in its history. */
export async function roomWith(items: readonly object[], world = new World()) {
  await world.connect();
  world.server.on(HISTORY, 200, { items, next_cursor: null });
  const user = await show(world, "/rooms/A");
  await happening(() => world.tellJoined());
  return { world, user };
}

/** Reach for one of the messages with such a name: its tools are there while it has the focus. */
export async function reach(name: RegExp, at = 0): Promise<HTMLElement> {
  const article = within(log()).getAllByRole("article", { name }).at(at);
  if (!article) throw new Error("there is no such message");
  await happening(() => article.focus());
  return article;
}

export function box(): HTMLTextAreaElement {
  return screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
}

/** What the client was last told to send. */
export async function sent(world: World): Promise<readonly object[]> {
  await happening(() => {});
  const share = world.client.wishes.findLast((wish) => wish.is === "share");
  return share?.is === "share" ? share.items : [];
}

export function log(): HTMLElement {
  return screen.getByRole("log", { name: "Messages" });
}
