/** The pages on a made-up world, to be used as a person would. */

import { act, cleanup, configure, render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach } from "vitest";
import { Root } from "#app/Root.tsx";
import "#app/rooms/RoomsPage.tsx"; // Pages ask for it while they run; here it is there by then.
import "#app/settings/SettingsPage.tsx";
import { settled, type World } from "./world.ts";
import "./sizes.ts";

/** What comes of itself comes at once; this is for a machine that has other things to do. */
configure({ asyncUtilTimeout: 30_000 });
afterEach(() => cleanup());

/** Show a page of the application; return hands to use it with. */
export async function show(world: World, path: string) {
  window.history.replaceState(null, "", path);
  render(<Root app={world.app} />);
  await act(settled);
  return userEvent.setup();
}

/** Let something happen outside, and the page show it. */
export async function happening(what: () => void): Promise<void> {
  await act(async () => {
    what();
    await settled();
  });
}
