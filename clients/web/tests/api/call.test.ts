import { describe, expect, test } from "vitest";
import { callAsNobody, callProven, fileCallAs } from "#api/call.ts";
import { Refused } from "#api/http.ts";
import { Session } from "#api/session.ts";
import { FakeServer, grant } from "../support/http.ts";

const DELETE = { method: "DELETE", path: "/v1/me" } as const;

describe("what is grave", () => {
  test("is asked for once more when the person has shown that it is them", async () => {
    const methods = ["totp", "recovery"];
    const server = new FakeServer()
      .refuseOnce("DELETE /v1/me", 403, "step_up_required", { methods })
      .on("DELETE /v1/me", 204);
    const asked: (readonly string[])[] = [];
    const call = callProven(callAsNobody(server), async (ways) => {
      asked.push(ways);
      return true;
    });

    await call(DELETE, () => null);

    expect(asked).toEqual([methods]);
    expect(server.lines).toEqual(["DELETE /v1/me", "DELETE /v1/me"]);
  });

  test("stays refused when the person lets it be", async () => {
    const server = new FakeServer().refuse("DELETE /v1/me", 403, "step_up_required");
    const call = callProven(callAsNobody(server), async () => false);

    const error = await call(DELETE, () => null).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ problem: { code: "step_up_required" } });
    expect(server.lines).toHaveLength(1);
  });

  test("is not asked for again when it was refused for another reason", async () => {
    const server = new FakeServer().refuse("DELETE /v1/me", 409, "last_owner");
    const call = callProven(callAsNobody(server), () => Promise.reject(new Error("asked")));

    await expect(call(DELETE, () => null)).rejects.toBeInstanceOf(Refused);
  });
});

test("a file is fetched as somebody, with a new token when the old one had expired", async () => {
  const server = new FakeServer()
    .on("POST /v1/auth/refresh", 200, grant())
    .refuseOnce("GET /v1/file", 401, "token_expired")
    .on("GET /v1/file", 200, "lines");
  const edges = { fetch: server.fetch, timeout: () => server.timeout() };
  const session = new Session({ ...edges, now: () => 0, withLock: (_, work) => work() });

  const file = await fileCallAs(session, edges)({ method: "GET", path: "/v1/file" });

  expect(await file.text()).toBe("lines");
  expect(server.lines.filter((line) => line === "GET /v1/file")).toHaveLength(2);
});
