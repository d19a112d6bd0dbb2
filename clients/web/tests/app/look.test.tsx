/** How the pages are worn, and what stays when something breaks. */

import { act, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AppContext } from "#app/context.ts";
import { Root } from "#app/Root.tsx";
import { Area } from "#app/ui/Area.tsx";
import { localProblem } from "#wire/problem.ts";
import { show } from "../support/page.tsx";
import { World } from "../support/world.ts";

describe("the theme", () => {
  beforeEach(() => {
    window.localStorage.clear();
    delete document.documentElement.dataset.theme;
  });

  async function openSettings() {
    const user = await show(await new World().connect(), "/rooms");
    await user.click(screen.getByRole("button", { name: "Your settings" }));
    return user;
  }

  test("is the system's until somebody chooses", async () => {
    await openSettings();

    const group = screen.getByRole("group", { name: "Theme" });
    expect(within(group).getByRole("radio", { name: "System" })).toHaveProperty("checked", true);
    expect(document.documentElement.dataset.theme).toBeUndefined();
  });

  test("is worn at once and kept for the next time", async () => {
    const user = await openSettings();

    await user.click(screen.getByRole("radio", { name: "Dark" }));

    expect(document.documentElement.dataset.theme).toBe("dark");
    expect(window.localStorage.getItem("hubbub.theme")).toBe("dark");
  });

  test("is the one that was chosen elsewhere, for who has just come in", async () => {
    const world = new World();
    world.server.refuse("POST /v1/auth/refresh", 401, "unauthenticated");
    await world.app.account.restore();
    world.server.on("GET /v1/me/preferences", 200, {
      locale: null,
      theme: "dark",
      notifications: { messages: "all", sound: true, email: false },
    });
    await show(world, "/login");

    await act(() => world.logIn());

    await expect.poll(() => document.documentElement.dataset.theme).toBe("dark");
  });

  test("can be given back to the system, which leaves nothing kept", async () => {
    const user = await openSettings();
    await user.click(screen.getByRole("radio", { name: "Light" }));

    await user.click(screen.getByRole("radio", { name: "System" }));

    expect(document.documentElement.dataset.theme).toBeUndefined();
    expect(window.localStorage.length).toBe(0);
  });
});

describe("a complaint", () => {
  afterEach(() => vi.useRealTimers());

  async function refused(): Promise<World> {
    const world = await new World().connect();
    await show(world, "/rooms");
    world.client.answer = { ok: false, problem: localProblem("conflict", "That did not work.") };
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    await act(async () => {
      await world.app.attendance.choose("away", "");
    });
    return world;
  }

  function pass(ms: number): void {
    act(() => {
      vi.advanceTimersByTime(ms);
    });
  }

  test("is announced, and goes by itself", async () => {
    await refused();
    expect(screen.getByRole("alert").textContent).toMatch(/^That did not work/);

    pass(10_000);

    expect(screen.queryByRole("alert")).toBeNull();
  });

  test("stays while somebody is at it", async () => {
    await refused();

    fireEvent.mouseEnter(screen.getByRole("alert"));
    pass(60_000);
    expect(screen.getByRole("alert")).toBeTruthy();

    fireEvent.mouseLeave(screen.getByRole("alert"));
    pass(10_000);
    expect(screen.queryByRole("alert")).toBeNull();
  });

  test("can be put away", async () => {
    await refused();

    fireEvent.click(screen.getByRole("button", { name: "Dismiss" }));

    expect(screen.queryByRole("alert")).toBeNull();
  });
});

test("a part that breaks leaves the others, and says what to report", () => {
  let isBroken = true;
  function Fragile() {
    if (isBroken) throw new Error("no members");
    return <p>All is well.</p>;
  }
  render(
    <AppContext value={new World().app}>
      <p>Beside it</p>
      <Area name="The list of members">
        <Fragile />
      </Area>
    </AppContext>,
    { onCaughtError: () => {} },
  );

  expect(screen.getByText("Beside it")).toBeTruthy();
  expect(screen.getByText("The list of members could not be shown.")).toBeTruthy();
  const report = screen.getByLabelText<HTMLInputElement>("Report").value;
  expect(report).toMatch(/^id\d+ .*The list of members: Error: no members$/);

  isBroken = false;
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(screen.getByText("All is well.")).toBeTruthy();
});

describe("a server that takes long to answer", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  test("is said to be starting, after a while", () => {
    render(<Root app={new World().app} />);
    expect(screen.getByRole("status").textContent).toBe("Loading");

    act(() => {
      vi.advanceTimersByTime(4_000);
    });

    expect(screen.getByRole("status").textContent).toMatch(/longer than usual/);
  });
});
