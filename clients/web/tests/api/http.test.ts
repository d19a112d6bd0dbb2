import { describe, expect, test } from "vitest";
import { exchange, problemIn, Refused } from "#api/http.ts";
import { Malformed } from "#wire/read.ts";
import { FakeServer } from "../support/http.ts";

const GET = { method: "GET", path: "/v1/rooms" } as const;

async function problemOf(work: Promise<unknown>) {
  return problemIn(await work.catch((error: unknown) => error));
}

test("a request says who asks, in a header and never in the address", async () => {
  const server = new FakeServer().on("GET /v1/rooms", 200, { items: [] });

  await exchange(server, { ...GET, query: { q: "a b", cursor: null } }, "abc");

  expect(server.asked).toMatchObject([
    { line: "GET /v1/rooms?q=a+b", headers: { authorization: "Bearer abc" } },
  ]);
});

test("a stranger's request has no authorization", async () => {
  const server = new FakeServer().on("GET /v1/rooms", 200);

  await exchange(server, GET, null);

  expect(server.asked[0]?.headers).not.toHaveProperty("authorization");
});

test("a body is JSON, and a key makes its repeat harmless", async () => {
  const server = new FakeServer().on("POST /v1/rooms", 201);
  const request = { method: "POST", path: "/v1/rooms", body: { title: "T" } } as const;

  await exchange(server, { ...request, idempotencyKey: "k1" }, null);

  expect(server.asked).toMatchObject([
    {
      body: { title: "T" },
      headers: { "content-type": "application/json", "idempotency-key": "k1" },
    },
  ]);
});

test("an empty answer is an empty object", async () => {
  const server = new FakeServer().on("GET /v1/rooms", 204);

  expect(await exchange(server, GET, null)).toEqual({});
});

describe("a refusal", () => {
  test("keeps the server's words and its status", async () => {
    const fields = { title: ["Too long.", "Too loud."] };
    const server = new FakeServer().refuse("GET /v1/rooms", 422, "invalid", { fields });

    const error = await exchange(server, GET, null).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(Refused);
    expect(error).toMatchObject({
      status: 422,
      problem: { code: "invalid", fields: { title: "Too long. Too loud." } },
    });
  });

  test("by a proxy is put into our words", async () => {
    const server = new FakeServer().on("GET /v1/rooms", 502, "<html>Bad Gateway</html>");

    expect(await problemOf(exchange(server, GET, null))).toMatchObject({
      code: "unavailable",
      retryable: true,
    });
  });

  test("by nobody, since nobody could be reached", async () => {
    const server = new FakeServer();
    server.isReachable = false;

    expect(await problemOf(exchange(server, GET, null))).toMatchObject({
      code: "unreachable",
      retryable: true,
    });
  });
});

test("an answer that is not JSON is a problem of its own", async () => {
  const server = new FakeServer().on("GET /v1/rooms", 200, "<html>");

  expect(await problemOf(exchange(server, GET, null))).toMatchObject({ code: "malformed" });
});

test("a bug is nobody's refusal", () => {
  expect(problemIn(new Malformed("x")).code).toBe("malformed");
  expect(() => problemIn(new RangeError("bug"))).toThrow(RangeError);
});
