/** What pages say when something does not go as usual, and where one goes from there. */

import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { show } from "../support/page.tsx";
import { DOOR, known } from "../support/settings.ts";
import { World } from "../support/world.ts";

async function stranger(): Promise<World> {
  const world = new World();
  world.server.refuse("POST /v1/auth/refresh", 401, "unauthenticated");
  await world.app.account.restore();
  return world;
}

test("on a server without mail a forgotten password is asked for at whoever runs it", async () => {
  const world = await stranger();
  world.server
    .on("GET /v1/auth/registration", 200, { ...DOOR, mail: false })
    .on("POST /v1/auth/password/forgot", 202, { status: "accepted" });
  const user = await show(world, "/forgot");

  await user.type(await screen.findByLabelText("E-mail"), "alice@example.org{Enter}");

  expect(await screen.findByRole("heading", { name: "Ask for the link" })).toBeTruthy();
  expect(screen.queryByText(/inbox|on its way/)).toBeNull();
});

test("settings that cannot be read leave a way back", async () => {
  const world = await known();
  world.server.refuse("GET /v1/me", 503, "unavailable");
  const user = await show(world, "/settings/profile");
  expect(await screen.findByText("Your settings could not be loaded.")).toBeTruthy();

  await user.click(screen.getAllByRole("link", { name: "Back to rooms" }).at(-1) as HTMLElement);

  expect(window.location.pathname).toBe("/rooms");
});

test("the domain that is none is said beside the domains", async () => {
  const world = await known("owner");
  world.server
    .on("GET /v1/admin/policy", 200, { registration: "open", domains: [] })
    .on("GET /v1/admin/invites", 200, { items: [], next_cursor: null })
    .refuse("PATCH /v1/admin/policy", 422, "invalid", {
      fields: { "domains.0": "must be a domain" },
    });
  const user = await show(world, "/settings/registration");

  await user.type(await screen.findByLabelText("Allowed domains"), "nothing{Enter}");

  expect(await screen.findByText("Must be a domain")).toBeTruthy();
});
