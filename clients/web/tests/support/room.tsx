/** One room on the page, to be used as a person would. */

import { screen } from "@testing-library/react";
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

export function log(): HTMLElement {
  return screen.getByRole("log", { name: "Messages" });
}
