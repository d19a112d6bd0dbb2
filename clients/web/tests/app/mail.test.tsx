/** Where the links of mails lead, and how one asks for such a mail. */

import { screen } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { show } from "../support/page.tsx";
import { World } from "../support/world.ts";

async function stranger(): Promise<World> {
  const world = new World();
  world.server.refuse("POST /v1/auth/refresh", 401, "unauthenticated");
  await world.app.account.restore();
  return world;
}

describe("the links of mails", () => {
  test("verify an address, once", async () => {
    const world = await stranger();
    world.server.on("POST /v1/auth/email/verify", 204);
    await show(world, "/verify#token=abc");

    expect(await screen.findByText(/your address is verified/)).toBeTruthy();
    expect(world.server.lines.filter((line) => line.endsWith("/verify"))).toHaveLength(1);
    expect(window.location.hash).toBe("");
    expect(screen.getByRole("link", { name: "Log in" })).toBeTruthy();
  });

  test("lead those who are in back to their rooms", async () => {
    const world = await new World().connect();
    world.server.on("POST /v1/auth/email/confirm", 204);
    await show(world, "/confirm-email#token=abc");

    expect(await screen.findByRole("link", { name: "To your rooms" })).toBeTruthy();
  });

  test("set a new password, and say when they are used up", async () => {
    const world = await stranger();
    world.server
      .refuseOnce("POST /v1/auth/password/reset", 403, "invalid_link")
      .on("POST /v1/auth/password/reset", 204);
    const user = await show(world, "/reset#token=abc");

    await user.type(await screen.findByLabelText("New password"), "long enough{Enter}");
    expect(await screen.findByRole("link", { name: "Ask for a new link" })).toBeTruthy();
    await user.type(screen.getByLabelText("New password"), "{Enter}");

    expect(await screen.findByText(/^Your password is changed/)).toBeTruthy();
  });

  test("that are cut off say so", async () => {
    await show(await stranger(), "/reset");

    expect((await screen.findByRole("alert")).textContent).toMatch(/not complete/);
  });
});

test("a forgotten password is asked for with an answer that tells nobody who has an account", async () => {
  const world = await stranger();
  world.server.on("POST /v1/auth/password/forgot", 202, { status: "accepted" });
  const user = await show(world, "/login");
  await user.click(screen.getByRole("link", { name: "Forgot your password?" }));

  await user.type(await screen.findByLabelText("E-mail"), "alice@example.org{Enter}");

  expect((await screen.findByRole("status")).textContent).toMatch(/^If alice@example.org has/);
});
