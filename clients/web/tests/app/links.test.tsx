/** What links bring behind their `#`, and how long a page knows it. */

import { act, cleanup, render, screen } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { Root } from "#app/Root.tsx";
import { happening, show } from "../support/page.tsx";
import { settled, World } from "../support/world.ts";

async function stranger(): Promise<World> {
  const world = new World();
  world.server.refuse("POST /v1/auth/refresh", 401, "unauthenticated");
  world.server.on("GET /v1/auth/registration", 200, {
    mode: "invite",
    mail: true,
    domains: ["example.org", "example.com"],
    providers: [],
  });
  await world.app.account.restore();
  return world;
}

/** Open a link on the page that is shown: browsers load nothing then. */
async function openLink(path: string): Promise<void> {
  await happening(() => {
    window.history.replaceState(null, "", path);
    window.dispatchEvent(new Event("hashchange"));
  });
}

async function register(user: Awaited<ReturnType<typeof show>>, email: string): Promise<void> {
  await user.type(screen.getByLabelText("Name"), "Alice");
  await user.type(screen.getByLabelText("E-mail"), email);
  await user.type(screen.getByLabelText("Password"), "correct horse{Enter}");
  await act(settled);
}

describe("the link of a mail", () => {
  test("works on a page that shows another one already", async () => {
    const world = await stranger();
    world.server
      .refuseOnce("POST /v1/auth/email/verify", 403, "invalid_link")
      .on("POST /v1/auth/email/verify", 204);
    await show(world, "/verify#token=old");
    expect(await screen.findByRole("alert")).toBeTruthy();

    await openLink("/verify#token=new");

    expect(await screen.findByText(/your address is verified/)).toBeTruthy();
    expect(window.location.hash).toBe("");
  });

  test("that is not complete leads on", async () => {
    await show(await stranger(), "/verify");

    expect(await screen.findByRole("link", { name: "Log in" })).toBe(document.activeElement);
  });

  test("that was used says so once", async () => {
    const world = await stranger();
    world.server.refuse("POST /v1/auth/password/reset", 403, "invalid_link");
    const user = await show(world, "/reset#token=abc");

    await user.type(await screen.findByLabelText("New password"), "long enough{Enter}");

    expect((await screen.findByRole("alert")).textContent).toBe(
      "This link was used or has expired. Ask for a new link",
    );
  });
});

describe("an invitation", () => {
  test("is still known when the page is loaded again", async () => {
    const world = await stranger();
    await show(world, "/register#invite=abc");
    expect(screen.getByText("You are invited.")).toBeTruthy();
    expect(window.location.hash).toBe("");

    cleanup();
    render(<Root app={world.app} />);
    await act(settled);

    expect(screen.getByText("You are invited.")).toBeTruthy();
  });

  test("names the domains of which an address must be", async () => {
    const world = await stranger();
    world.server.refuse("POST /v1/auth/register", 403, "domain_not_allowed");
    const user = await show(world, "/register#invite=abc");

    await register(user, "alice@example.net");

    expect(screen.getByText("Must be an address of example.org or example.com.")).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByLabelText("E-mail"));
  });
});

test("whoever wrote a wrong address goes back to what they wrote", async () => {
  const world = await stranger();
  world.server.on("POST /v1/auth/register", 202, { status: "verification_sent" });
  const user = await show(world, "/register#invite=abc");
  await register(user, "alice@exampel.org");
  expect(screen.getByRole("heading", { name: "Look into your inbox" })).toBe(
    document.activeElement,
  );

  await user.click(screen.getByRole("button", { name: "Change the address" }));

  expect(screen.getByLabelText<HTMLInputElement>("E-mail").value).toBe("alice@exampel.org");
  expect(screen.getByLabelText<HTMLInputElement>("Password").value).toBe("correct horse");
});
