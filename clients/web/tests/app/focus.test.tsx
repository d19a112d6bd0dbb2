/** Where the focus is after something was sent, and in front of a question. */

import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { show } from "../support/page.tsx";
import { known, ME } from "../support/settings.ts";
import { World } from "../support/world.ts";

const CODES = ["aaaa-bbbb", "cccc-dddd"];
const TOTP = { secret: "ABCDEFGH", uri: "otpauth://totp/Hubbub:alice?secret=ABCDEFGH" };

async function stranger(): Promise<World> {
  const world = new World();
  world.server.refuse("POST /v1/auth/refresh", 401, "unauthenticated");
  await world.app.account.restore();
  return world;
}

/** Wait until the focus is there: it moves when what was sent is answered. */
async function focusOn(find: () => HTMLElement): Promise<void> {
  await waitFor(() => expect(document.activeElement).toBe(find()));
}

describe("after a refusal", () => {
  test("the focus is on the field that is at fault", async () => {
    const world = await stranger();
    const fields = { name: "is reserved" };
    world.server.refuse("POST /v1/auth/register", 422, "invalid", { fields });
    const user = await show(world, "/register");
    await user.type(screen.getByLabelText("Name"), "Hubbub");
    await user.type(screen.getByLabelText("E-mail"), "alice@example.org");
    await user.type(screen.getByLabelText("Password"), "long enough");

    await user.click(screen.getByRole("button", { name: "Register" }));

    await focusOn(() => screen.getByLabelText("Name"));
  });

  test("all that is at fault is named, and the focus is on the first of it", async () => {
    const world = await stranger();
    const fields = { password: "Is too short", email: "Is not one", name: "Is reserved" };
    world.server.refuse("POST /v1/auth/register", 422, "invalid", { fields });
    const user = await show(world, "/register");
    await user.type(screen.getByLabelText("Name"), "Hubbub");
    await user.type(screen.getByLabelText("E-mail"), "alice@example.org");

    await user.type(screen.getByLabelText("Password"), "short{Enter}");

    await focusOn(() => screen.getByLabelText("Name"));
    for (const [label, fault] of [
      ["Name", fields.name],
      ["E-mail", fields.email],
      ["Password", fields.password],
    ] as const) {
      const field = screen.getByLabelText(label);
      expect(field.getAttribute("aria-invalid")).toBe("true");
      expect(
        document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent,
      ).toBe(fault);
    }
    expect(screen.queryByRole("alert")).toBeNull();
  });

  test("and without such a field, where it was", async () => {
    const world = await stranger();
    world.server.refuse("POST /v1/auth/login", 401, "invalid_credentials");
    const user = await show(world, "/login");
    await user.type(screen.getByLabelText("E-mail"), "alice@example.org");

    await user.type(screen.getByLabelText("Password"), "wrong{Enter}");

    expect(await screen.findByRole("alert")).toBeTruthy();
    await focusOn(() => screen.getByLabelText("Password"));
  });

  test("whoever was too quick is told how long to wait", async () => {
    const world = await stranger();
    world.server.refuse("POST /v1/auth/login", 429, "rate_limited", { retry_after_ms: 90_500 });
    const user = await show(world, "/login");
    await user.type(screen.getByLabelText("E-mail"), "alice@example.org");

    await user.type(screen.getByLabelText("Password"), "wrong{Enter}");

    expect((await screen.findByRole("alert")).textContent).toBe(
      "Too many attempts. Please try again in 2 minutes.",
    );
  });
});

describe("a dialog", () => {
  test("begins in the first field that is seen", async () => {
    const user = await show(await known(), "/settings/security");
    await user.click(await screen.findByRole("button", { name: "Change password" }));

    await focusOn(() => screen.getByLabelText("Password now"));
  });

  test("that shows something once is shown again when the browser closes it", async () => {
    const world = await known();
    world.server
      .on("POST /v1/auth/totp", 200, TOTP)
      .on("POST /v1/auth/totp/confirm", 200, { recovery_codes: CODES });
    const user = await show(world, "/settings/security");
    await user.click(await screen.findByRole("button", { name: "Set up" }));
    await user.type(await screen.findByLabelText(/^Then enter the code/), "000000{Enter}");
    const sheet = await screen.findByRole<HTMLDialogElement>("dialog", {
      name: "Your recovery codes",
    });

    act(() => sheet.close());

    expect(sheet.open).toBe(true);
    await user.click(within(sheet).getByRole("button", { name: "I have kept them" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  test("gives the focus to its section when what opened it is gone", async () => {
    const world = await known();
    const token = {
      id: "t",
      bot_id: null,
      name: "Backup",
      scopes: [],
      prefix: "hbt_abc",
      created_at: "2026-03-01T10:00:00Z",
      expires_at: null,
      last_used_at: null,
    };
    world.server
      .on("GET /v1/tokens", 200, { items: [token], next_cursor: null })
      .on("GET /v1/bots", 200, { items: [], next_cursor: null })
      .on("DELETE /v1/tokens/t", 204);
    const user = await show(world, "/settings/tokens");
    await user.click(await screen.findByRole("button", { name: "Revoke Backup" }));
    world.server.on("GET /v1/tokens", 200, { items: [], next_cursor: null });

    await user.click(screen.getByRole("button", { name: "Revoke" }));

    await focusOn(() => screen.getByRole("button", { name: "New token" }));
  });
});

describe("the second factor", () => {
  async function asked(methods: readonly string[]) {
    const world = await stranger();
    world.server
      .refuse("POST /v1/auth/login", 401, "second_factor_required", { challenge: "c", methods })
      .refuse("POST /v1/auth/login/second-factor", 403, "invalid_code");
    const user = await show(world, "/login");
    await user.type(screen.getByLabelText("E-mail"), "alice@example.org");
    await user.type(screen.getByLabelText("Password"), "right{Enter}");
    return user;
  }

  test("forgets what was typed as a code of the app when another is wanted", async () => {
    const user = await asked(["totp", "recovery"]);
    await user.type(await screen.findByLabelText("Code"), "111111{Enter}");
    expect(await screen.findByRole("alert")).toBeTruthy();

    await user.click(screen.getByRole("button", { name: "Use a recovery code" }));
    expect(screen.queryByRole("alert")).toBeNull();
    expect(screen.getByLabelText<HTMLInputElement>("Recovery code").value).toBe("");

    await user.type(screen.getByLabelText("Recovery code"), "aaaa-bbbb{Enter}");
    expect((await screen.findByRole("alert")).textContent).toMatch(/Try another one of yours/);
  });
});

test("a member who opens a page of the office is told in its title too", async () => {
  await show(await known(), "/settings/audit");

  expect(await screen.findByText("There is no such page.")).toBeTruthy();
  await waitFor(() => expect(document.title).toMatch(/^No such page/));
});

test("a name can be confirmed with the signs that a keyboard has", async () => {
  const world = await known();
  world.server.on("GET /v1/me", 200, {
    ...ME,
    name: "Erin O\u2019Hara",
  });
  const user = await show(world, "/settings/data");
  await user.click(await screen.findByRole("button", { name: "Delete my account" }));

  fireEvent.change(screen.getByLabelText(/^Type your name/), { target: { value: "erin o'hara" } });

  const button = screen.getByRole("button", { name: "Delete it for good" });
  expect(button).toHaveProperty("disabled", false);
});
