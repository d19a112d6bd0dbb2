import { expect, test } from "vitest";
import { type Part, parts, play } from "../support/part.ts";

test.each(parts.map((part) => [part.transcript, part] as const))(
  "this client says its part of %s",
  (_, part) => {
    play(part);
  },
);

test("a client that says something else is found", () => {
  const text = JSON.stringify(parts.find((part) => part.transcript === "coming-back"));
  const other = JSON.parse(text.replace('"seq":2,"epoch"', '"seq":1,"epoch"')) as Part;

  expect(() => play(other)).toThrow("coming-back: step 10");
});

test("a client that does not say something is found", () => {
  const [part] = parts as readonly [Part, ...Part[]];
  const sync = { type: "sync", ref: "9", data: {} };
  const longer = { ...part, steps: [...part.steps, { do: "say", frame: sync, by: "itself" }] };

  expect(() => play(longer as Part)).toThrow("sync was not said");
});
