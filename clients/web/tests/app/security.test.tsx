/** What keeps others out, as its page shows it. */

import { screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { show } from "../support/page.tsx";
import { bodyOf, DOOR, known, ME, NO_FACTORS } from "../support/settings.ts";
import type { World } from "../support/world.ts";

const CODES = ["aaaa-bbbb", "cccc-dddd"];
const TOTP = { secret: "ABCDEFGH", uri: "otpauth://totp/Hubbub:alice?secret=ABCDEFGH" };

async function openSecurity(world: World) {
  const user = await show(world, "/settings/security");
  await screen.findByRole("region", { name: "Authenticator app" });
  return user;
}

describe("an authenticator app", () => {
  test("is set up with a picture, a code, and recovery codes that are shown once", async () => {
    const world = await known();
    world.server
      .on("POST /v1/auth/totp", 200, TOTP)
      .refuseOnce("POST /v1/auth/totp/confirm", 422, "invalid_code")
      .on("POST /v1/auth/totp/confirm", 200, { recovery_codes: CODES });
    const user = await openSecurity(world);

    await user.click(screen.getByRole("button", { name: "Set up" }));
    expect(await screen.findByRole("img", { name: /^QR code/ })).toBeTruthy();
    await user.type(screen.getByLabelText(/^Then enter the code/), "000 000{Enter}");
    expect(await screen.findByText("no: invalid_code")).toBeTruthy();
    await user.type(screen.getByLabelText(/^Then enter the code/), "{Enter}");

    expect(bodyOf(world, "POST /v1/auth/totp/confirm")).toEqual({ code: "000000" });
    const list = await screen.findByRole("list", { name: "Recovery codes" });
    expect(within(list).getAllByRole("listitem")).toHaveLength(2);
    world.server.on("GET /v1/auth/second-factors", 200, {
      ...NO_FACTORS,
      totp: true,
      recovery_codes_left: 2,
    });
    await user.click(screen.getByRole("button", { name: "I have kept them" }));
    expect(await screen.findByText("On")).toBeTruthy();
    expect(screen.getByText(/^2 are left/)).toBeTruthy();
  });

  test("is turned off after the person has shown that it is them", async () => {
    const world = await known();
    world.server
      .on("GET /v1/auth/second-factors", 200, { ...NO_FACTORS, totp: true })
      .refuseOnce("DELETE /v1/auth/totp", 403, "step_up_required", { methods: ["totp"] })
      .on("DELETE /v1/auth/totp", 204)
      .on("POST /v1/auth/step-up", 204);
    const user = await openSecurity(world);
    await user.click(screen.getByRole("button", { name: "Turn off" }));
    const question = screen.getByRole("dialog", { name: /^Turn off/ });
    await user.click(within(question).getByRole("button", { name: "Turn off" }));

    const asked = await screen.findByRole("dialog", { name: "Is it you?" });
    world.server.on("GET /v1/auth/second-factors", 200, NO_FACTORS);
    await user.type(within(asked).getByLabelText("Code"), "123456{Enter}");

    expect(await screen.findByRole("button", { name: "Set up" })).toBeTruthy();
    expect(bodyOf(world, "POST /v1/auth/step-up")).toEqual({ code: "123456" });
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});

describe("the question who it is", () => {
  async function asked(methods: readonly string[]) {
    const world = await known();
    world.server.refuse("POST /v1/auth/totp", 403, "step_up_required", { methods });
    const user = await openSecurity(world);
    await user.click(screen.getByRole("button", { name: "Set up" }));
    const dialog = await screen.findByRole("dialog", { name: "Is it you?" });
    return { world, user, dialog };
  }

  test("takes the password of somebody without a second factor, and says when it is wrong", async () => {
    const { world, user, dialog } = await asked(["password"]);
    world.server.refuse("POST /v1/auth/step-up", 401, "invalid_password");

    await user.type(within(dialog).getByLabelText("Your password"), "wrong{Enter}");

    expect((await within(dialog).findByRole("alert")).textContent).toBe("no: invalid_password");
  });

  test("can be let be, and then nothing happens and nothing is complained of", async () => {
    const { user, dialog } = await asked(["password"]);

    await user.click(within(dialog).getByRole("button", { name: "Close" }));

    expect(screen.queryByRole("dialog")).toBeNull();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  test("says what to do where nothing can be shown", async () => {
    const { dialog } = await asked([]);

    expect(dialog.textContent).toMatch(/Log out and in again/);
  });
});

describe("the password", () => {
  test("is changed; a wrong old one is said beside its field", async () => {
    const world = await known();
    const fields = { old: "is not the password" };
    world.server
      .refuseOnce("POST /v1/auth/password/change", 422, "invalid", { fields })
      .on("POST /v1/auth/password/change", 204);
    const user = await openSecurity(world);
    await user.click(screen.getByRole("button", { name: "Change password" }));

    await user.type(screen.getByLabelText("Password now"), "old");
    await user.type(screen.getByLabelText("New password"), "long enough{Enter}");
    expect(await screen.findByText("Is not the password")).toBeTruthy();
    await user.type(screen.getByLabelText("New password"), "{Enter}");

    expect(await screen.findByText(/^Changed\./)).toBeTruthy();
    expect(bodyOf(world, "POST /v1/auth/password/change")).toEqual({
      old: "old",
      new: "long enough",
    });
  });

  test("of somebody who has none is set by a mail", async () => {
    const world = await known();
    world.server
      .on("GET /v1/me", 200, { ...ME, has_password: false })
      .on("POST /v1/auth/password/forgot", 202, { status: "accepted" });
    const user = await openSecurity(world);

    await user.click(screen.getByRole("button", { name: "Set a password" }));

    expect(await screen.findByText(/^We have sent a mail to alice@example.org/)).toBeTruthy();
  });
});

test("another address is taken when its link was followed, and not before", async () => {
  const world = await known();
  world.server.on("POST /v1/auth/email/change", 202, { status: "accepted" });
  const user = await openSecurity(world);
  await user.click(screen.getByRole("button", { name: "Change address" }));

  await user.type(screen.getByLabelText("New e-mail"), "new@example.org{Enter}");

  expect(await screen.findByText(/until then your old address stays/i)).toBeTruthy();
});

test.each([
  ["owner", 1],
  ["member", 0],
] as const)(
  "without mail only owners are led to the link of a new address: %s",
  async (role, n) => {
    const world = await known(role);
    world.server
      .on("GET /v1/auth/registration", 200, { ...DOOR, mail: false })
      .on("POST /v1/auth/email/change", 202, { status: "accepted" });
    const user = await openSecurity(world);
    await user.click(screen.getByRole("button", { name: "Change address" }));

    await user.type(screen.getByLabelText("New e-mail"), "new@example.org{Enter}");

    await screen.findByText(/until then your old address stays/i);
    expect(screen.queryAllByRole("link", { name: "To the mail that was not sent" })).toHaveLength(
      n,
    );
  },
);

describe("other services", () => {
  const PROVIDER = { name: "work", title: "Work" };
  const LINKED = {
    id: "i1",
    provider: "work",
    title: "Work",
    email: null,
    linked_at: "2026-03-01T10:00:00Z",
  };

  test("are not spoken of where there are none", async () => {
    await openSecurity(await known());

    expect(screen.queryByText("Other ways to log in")).toBeNull();
  });

  test("are linked there, and unlinked here, but not the last way in", async () => {
    const world = await known();
    world.server
      .on("GET /v1/auth/registration", 200, {
        mode: "open",
        mail: true,
        domains: [],
        providers: [PROVIDER],
      })
      .on("GET /v1/me/identities", 200, { items: [LINKED], next_cursor: null })
      .refuse("DELETE /v1/me/identities/i1", 409, "last_way_in");
    const user = await openSecurity(world);

    await user.click(await screen.findByRole("button", { name: "Unlink Work" }));
    const question = screen.getByRole("dialog", { name: "Unlink Work?" });
    await user.click(within(question).getByRole("button", { name: "Unlink" }));

    expect((await within(question).findByRole("alert")).textContent).toBe("no: last_way_in");
  });

  test("say why one could not be linked", async () => {
    const world = await known();
    world.server.on("GET /v1/me/identities", 200, { items: [LINKED], next_cursor: null });
    await show(world, "/settings/identities#error=identity_taken");

    expect((await screen.findByRole("alert")).textContent).toMatch(/linked to somebody else/);
    expect(window.location.hash).toBe("");
  });
});

describe("devices", () => {
  const HERE = {
    id: "s1",
    name: "Firefox on Linux",
    address: "192.0.2.1",
    created_at: "2026-03-01T10:00:00Z",
    last_used_at: "2026-03-02T10:00:00Z",
    expires_at: "2026-04-01T10:00:00Z",
    current: true,
    proved_by: ["password"],
  };
  const THERE = { ...HERE, id: "s2", name: "A phone", current: false };

  test("can be logged out one by one, but for this one", async () => {
    const world = await known();
    world.server
      .on("GET /v1/auth/sessions", 200, { items: [HERE, THERE], next_cursor: null })
      .on("DELETE /v1/auth/sessions/s2", 204);
    const user = await show(world, "/settings/devices");
    const button = await screen.findByRole("button", { name: "Log out A phone" });
    expect(screen.queryByRole("button", { name: /Log out Firefox/ })).toBeNull();

    world.server.on("GET /v1/auth/sessions", 200, { items: [HERE], next_cursor: null });
    await user.click(button);

    expect(world.server.lines).toContain("DELETE /v1/auth/sessions/s2");
    expect(screen.queryByText("A phone")).toBeNull();
  });

  test("are all logged out at once, this one too", async () => {
    const world = await known();
    world.server
      .on("GET /v1/auth/sessions", 200, { items: [HERE], next_cursor: null })
      .on("POST /v1/auth/logout-all", 204);
    const user = await show(world, "/settings/devices");
    await user.click(await screen.findByRole("button", { name: "Log out everywhere" }));

    const question = screen.getByRole("dialog");
    await user.click(within(question).getByRole("button", { name: "Log out everywhere" }));

    expect(await screen.findByText(/logged out on all your devices/)).toBeTruthy();
    expect(world.state.account.phase).toBe("out");
  });
});
