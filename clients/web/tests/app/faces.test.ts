import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refused } from "#api/http.ts";
import { faceAt, fetchFace } from "#app/ui/faces.ts";
import { localProblem } from "#wire/problem.ts";

const DRAWN = { width: 64, height: 64 };

beforeEach(() => {
  vi.stubGlobal("createImageBitmap", async () => DRAWN);
});
afterEach(() => vi.unstubAllGlobals());

/** Answers with a file, and counts how often it is asked for what. */
function files() {
  const asked: string[] = [];
  const call = async ({ path }: { readonly path: string }) => {
    asked.push(path);
    return new Blob(["picture"]);
  };
  return { asked, call };
}

test("a picture is fetched once for all who draw it, in the size that they want", async () => {
  const { asked, call } = files();
  const path = "/v1/users/alice/avatar?v=1";

  await Promise.all([fetchFace(call, path, 64), fetchFace(call, path, 64)]);
  await fetchFace(call, path, 256);

  expect(asked).toEqual([`${path}&size=64`, `${path}&size=256`]);
});

test("a picture that was drawn before is there at once", async () => {
  const { call } = files();
  expect(faceAt("/v1/users/bob/avatar", 64)).toBeNull();

  await fetchFace(call, "/v1/users/bob/avatar", 64);

  expect(faceAt("/v1/users/bob/avatar", 64)).toBe(DRAWN);
});

test("a picture that is gone leaves the initials, and is asked for again", async () => {
  const { asked, call } = files();
  const refuse = async () => {
    throw new Refused(localProblem("not_found", "There is no such picture."), 404);
  };

  expect(await fetchFace(refuse, "/v1/users/carol/avatar", 64)).toBeNull();
  await fetchFace(call, "/v1/users/carol/avatar", 64);

  expect(asked).toHaveLength(1);
});
