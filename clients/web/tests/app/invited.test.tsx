/** Invitations to the server: by a password, and by another service. */

import { screen } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { grant } from "../support/http.ts";
import { show } from "../support/page.tsx";
import { World } from "../support/world.ts";

const WORK = { name: "work", title: "Work" };

/** Show a page to a stranger, on a server that takes in those who are invited. */
async function stranger(path: string) {
  const world = new World();
  const door = { mode: "invite", mail: true, domains: [], providers: [WORK] };
  world.server
    .refuse("POST /v1/auth/refresh", 401, "unauthenticated")
    .on("GET /v1/auth/registration", 200, door);
  await world.app.account.restore();
  return { world, user: await show(world, path) };
}

describe("an invitation", () => {
  test("is taken along to the log-in and back", async () => {
    const { world, user } = await stranger("/register#invite=v1");
    world.server.on("POST /v1/auth/register", 201, grant());
    await user.click(screen.getByRole("link", { name: "Log in" }));
    await user.click(screen.getByRole("link", { name: "Create an account" }));

    await user.type(screen.getByLabelText("Name"), "Bob");
    await user.type(screen.getByLabelText("E-mail"), "bob@example.org");
    await user.type(screen.getByLabelText("Password"), "long enough{Enter}");

    const asked = world.server.asked.find(({ line }) => line.endsWith("/register"));
    expect(asked?.body).toMatchObject({ invite: "v1" });
  });

  test("goes along to another service", async () => {
    const { world, user } = await stranger("/register#invite=v1");
    world.server.on("POST /v1/auth/oidc/work/login", 200, { location: "#at-work" });
    // Whoever has an account there may look for it on the other page first.
    await user.click(screen.getByRole("link", { name: "Log in" }));

    await user.click(screen.getByRole("button", { name: "Log in with Work" }));

    expect(world.server.asked.at(-1)?.body).toEqual({ invite: "v1" });
    expect(window.location.hash).toBe("#at-work");
  });

  test("for another service that does not answer can be tried again", async () => {
    const { world, user } = await stranger("/register#invite=v1");
    world.server.refuse("POST /v1/auth/oidc/work/login", 503, "provider_unavailable");

    await user.click(screen.getByRole("button", { name: "Log in with Work" }));

    expect(screen.getByRole("alert").textContent).toMatch(/does not answer/);
  });

  test("that was used says so after another service", async () => {
    await stranger("/login#error=invalid_invite");

    expect(screen.getByRole("alert").textContent).toMatch(/used or has expired/);
  });

  test("is asked for where there is none", async () => {
    await stranger("/register");

    expect(screen.getByText(/takes in those who are invited/)).toBeTruthy();
  });
});
