import { screen } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { grant } from "../support/http.ts";
import { happening, show } from "../support/page.tsx";
import { World } from "../support/world.ts";

async function stranger(): Promise<World> {
  const world = new World();
  world.server.refuse("POST /v1/auth/refresh", 401, "unauthenticated");
  await world.app.account.restore();
  return world;
}

describe("a stranger", () => {
  test("is led to the log-in and then to the page that they wanted", async () => {
    const user = await show(await stranger(), "/rooms/A");
    expect(screen.getByRole("heading", { name: "Log in" })).toBeTruthy();
    expect(window.location.pathname).toBe("/login");

    await user.type(screen.getByLabelText("E-mail"), "alice@example.org");
    await user.type(screen.getByLabelText("Password"), "secret");
    await user.click(screen.getByRole("button", { name: "Log in" }));

    expect(window.location.pathname).toBe("/rooms/A");
  });

  test("is told when the password is wrong, without leaving the page", async () => {
    const world = await stranger();
    world.server.refuse("POST /v1/auth/login", 401, "invalid_credentials");
    const user = await show(world, "/login");

    await user.type(screen.getByLabelText("E-mail"), "alice@example.org");
    await user.type(screen.getByLabelText("Password"), "wrong{Enter}");

    const alert = await screen.findByText("E-mail or password is wrong.");
    expect(alert.getAttribute("role")).toBe("alert");
  });

  test("can register, and sees beside the field what is wrong with it", async () => {
    const world = await stranger();
    const fields = { password: "At least 8 letters." };
    world.server.refuseOnce("POST /v1/auth/register", 422, "invalid", { fields });
    world.server.on("POST /v1/auth/register", 202, { status: "verification_sent" });
    const user = await show(world, "/register");

    await user.type(screen.getByLabelText("Name"), "Alice");
    await user.type(screen.getByLabelText("E-mail"), "alice@example.org");
    await user.type(screen.getByLabelText("Password"), "short");
    await user.click(screen.getByRole("button", { name: "Register" }));
    expect(screen.getByText("At least 8 letters.")).toBeTruthy();
    expect(screen.getByLabelText("Password").getAttribute("aria-invalid")).toBe("true");

    await user.click(screen.getByRole("button", { name: "Register" }));
    expect(screen.getByText(/We have sent a mail/)).toBeTruthy();
  });

  test("finds the way between logging in and registering", async () => {
    const user = await show(await stranger(), "/login");

    await user.click(screen.getByRole("link", { name: "Create an account" }));
    expect(screen.getByRole("heading", { name: "Register" })).toBeTruthy();

    await user.click(screen.getByRole("link", { name: "Log in" }));
    expect(screen.getByRole("heading", { name: "Log in" })).toBeTruthy();
  });
});

describe("the log-in", () => {
  test("knows the e-mail that a link gives", async () => {
    await show(await stranger(), "/login#email=alice%40example.org");

    expect(screen.getByLabelText<HTMLInputElement>("E-mail").value).toBe("alice@example.org");
  });

  test("shows what is typed to whoever asks for it", async () => {
    const user = await show(await stranger(), "/login");
    await user.type(screen.getByLabelText("Password"), "secret");

    await user.click(screen.getByRole("button", { name: "Show what is typed" }));

    expect(screen.getByLabelText("Password").getAttribute("type")).toBe("text");
    await user.click(screen.getByRole("button", { name: "Hide what is typed" }));
    expect(screen.getByLabelText("Password").getAttribute("type")).toBe("password");
  });

  test("says when Caps Lock is on", async () => {
    const user = await show(await stranger(), "/login");
    await user.type(screen.getByLabelText("Password"), "a");
    expect(screen.queryByText("Caps Lock is on.")).toBeNull();

    await user.keyboard("{CapsLock}B");

    expect(screen.getByText("Caps Lock is on.")).toBeTruthy();
  });

  test("lets password managers know which field is which", async () => {
    await show(await stranger(), "/login");

    const kinds = ["E-mail", "Password"].map((label) =>
      screen.getByLabelText(label).getAttribute("autocomplete"),
    );
    expect(kinds).toEqual(["username", "current-password"]);
  });
});

describe("the one-time link of a new server", () => {
  test("makes the owner, and leaves the address at once", async () => {
    const world = await stranger();
    world.server.on("POST /v1/auth/register", 201, grant());
    const user = await show(world, "/setup#token=once");
    expect(window.location.hash).toBe("");

    await user.type(screen.getByLabelText("Name"), "Alice");
    await user.type(screen.getByLabelText("E-mail"), "alice@example.org");
    await user.type(screen.getByLabelText("Password"), "long enough{Enter}");

    const asked = world.server.asked.find(({ line }) => line.endsWith("/register"));
    expect(asked?.body).toMatchObject({ owner_token: "once" });
    expect(window.location.pathname).toBe("/rooms");
  });

  test("that was used leads on", async () => {
    const world = await stranger();
    world.server.refuse("POST /v1/auth/register", 403, "invalid_owner_token");
    const user = await show(world, "/setup#token=used");

    await user.type(screen.getByLabelText("Name"), "Bob");
    await user.type(screen.getByLabelText("E-mail"), "bob@example.org");
    await user.type(screen.getByLabelText("Password"), "long enough{Enter}");

    expect(screen.getByRole("alert").textContent).toMatch(/has its owner already, log in/);
  });

  test("that is not complete says so", async () => {
    await show(await stranger(), "/setup");

    expect(screen.getByRole("alert").textContent).toMatch(/not complete/);
  });
});

test("an unreachable server can be tried again", async () => {
  const world = new World();
  world.server.isReachable = false;
  await world.app.account.restore();
  const user = await show(world, "/rooms");
  expect(screen.getByText("The server cannot be reached.")).toBeTruthy();

  world.server.isReachable = true;
  world.server.refuse("POST /v1/auth/refresh", 401, "unauthenticated");
  await user.click(screen.getByRole("button", { name: "Try again" }));

  expect(screen.getByRole("heading", { name: "Log in" })).toBeTruthy();
});

test("a session that has ended leads to the log-in and says why", async () => {
  const world = await new World().connect();
  await show(world, "/rooms");

  await happening(() => world.tell({ type: "signed_out" }));

  expect(screen.getByText(/Your session has ended/)).toBeTruthy();
});

describe("a second factor", () => {
  const CHALLENGE = { challenge: "c1", methods: ["totp", "recovery"] };

  async function asked() {
    const world = await stranger();
    world.server.refuse("POST /v1/auth/login", 401, "second_factor_required", CHALLENGE);
    const user = await show(world, "/login");
    await user.type(screen.getByLabelText("E-mail"), "alice@example.org");
    await user.type(screen.getByLabelText("Password"), "secret{Enter}");
    await screen.findByLabelText("Code");
    return { world, user };
  }

  test("is asked for after the password, and lets in", async () => {
    const { world, user } = await asked();
    world.server
      .refuseOnce("POST /v1/auth/login/second-factor", 401, "invalid_code")
      .on("POST /v1/auth/login/second-factor", 200, grant());

    await user.type(screen.getByLabelText("Code"), "123456{Enter}");
    expect((await screen.findByRole("alert")).textContent).toBe("no: invalid_code");
    await user.type(screen.getByLabelText("Code"), "{Enter}");

    expect(world.server.asked.map((one) => one.body)).toContainEqual({
      challenge: "c1",
      code: "123456",
    });
    expect(window.location.pathname).toBe("/rooms");
  });

  test("can be a recovery code", async () => {
    const { user } = await asked();

    await user.click(screen.getByRole("button", { name: "Use a recovery code" }));

    expect(screen.getByLabelText("Recovery code")).toBeTruthy();
  });

  test("that came too late leads back to the log-in, which says so", async () => {
    const { world, user } = await asked();
    world.server.refuse("POST /v1/auth/login/second-factor", 401, "challenge_expired");

    await user.type(screen.getByLabelText("Code"), "123456{Enter}");

    expect((await screen.findByRole("alert")).textContent).toMatch(/took too long/);
    expect(screen.getByRole("heading", { name: "Log in" })).toBeTruthy();
  });

  test("is asked for also after another service", async () => {
    await show(await stranger(), "/login#challenge=c1&methods=totp,recovery");

    expect(await screen.findByLabelText("Code")).toBeTruthy();
    expect(window.location.hash).toBe("");
  });
});

describe("the way in", () => {
  const DOOR = { mode: "open", mail: true, domains: [], providers: [] };

  async function withDoor(other: object, path: string) {
    const world = await stranger();
    world.server.on("GET /v1/auth/registration", 200, { ...DOOR, ...other });
    return { world, user: await show(world, path) };
  }

  test("by another service is a link to it", async () => {
    await withDoor({ providers: [{ name: "work", title: "Work" }] }, "/login");

    const link = screen.getByRole("link", { name: "Log in with Work" });
    expect(link.getAttribute("href")).toBe("/v1/auth/oidc/work/login");
  });

  test("by another service that was refused says why", async () => {
    await withDoor({}, "/login#error=link_required");

    expect(screen.getByRole("alert").textContent).toMatch(/then link the other service/);
    expect(window.location.hash).toBe("");
  });

  test("is closed where nobody can register", async () => {
    await withDoor({ mode: "closed" }, "/register");

    expect(screen.getByText(/Nobody can register here/)).toBeTruthy();
    expect(screen.queryByLabelText("E-mail")).toBeNull();
  });

  test("of an address that is not verified sends the mail again", async () => {
    const { world, user } = await withDoor({}, "/login");
    world.server
      .refuse("POST /v1/auth/login", 403, "email_unverified")
      .on("POST /v1/auth/email/resend", 202, { status: "accepted" });
    await user.type(screen.getByLabelText("E-mail"), "bob@example.org");
    await user.type(screen.getByLabelText("Password"), "secret{Enter}");

    await user.click(await screen.findByRole("button", { name: "Send the mail again" }));

    expect(await screen.findByText(/^Sent again/)).toBeTruthy();
  });
});
