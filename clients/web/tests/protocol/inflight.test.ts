import { expect, test } from "vitest";
import { ANSWER_MS, type Answer, InFlight } from "#protocol/inflight.ts";

const ACK: Answer = { ok: true, reply: { type: "ack", seq: null } };

function withTwo() {
  const inFlight = new InFlight();
  const answers: string[] = [];
  const note = (name: string) => (answer: Answer) => {
    answers.push(`${name}:${answer.ok ? "ok" : answer.problem.code}`);
  };
  const first = inFlight.add(note("first"), 0);
  const second = inFlight.add(note("second"), 4_000);
  return { inFlight, answers, first, second };
}

test("answers find their commands in any order", () => {
  const { inFlight, answers, first, second } = withTwo();

  inFlight.answer(second, ACK);
  inFlight.answer(first, ACK);

  expect(answers).toEqual(["second:ok", "first:ok"]);
});

test("a command is settled once, and strange refs settle nothing", () => {
  const { inFlight, answers, first } = withTwo();

  inFlight.answer(first, ACK);
  inFlight.answer(first, ACK);
  inFlight.answer("r99", ACK);
  inFlight.answer(null, ACK);

  expect(answers).toEqual(["first:ok"]);
});

test("silence of 10 s is a timeout", () => {
  const { inFlight, answers } = withTwo();
  expect(inFlight.next).toBe(ANSWER_MS);

  inFlight.expire(ANSWER_MS);

  expect(answers).toEqual(["first:timeout"]);
  expect(inFlight.size).toBe(1);
});

test("a lost connection settles everything", () => {
  const { inFlight, answers } = withTwo();

  inFlight.abandon();

  expect(answers).toEqual(["first:disconnected", "second:disconnected"]);
  expect(inFlight.next).toBeNull();
});
