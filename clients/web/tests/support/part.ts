/**
 * Plays a client's part of docs/transcripts against a `Link`: is its server, its clock and the person
 * who uses it. docs/protocol.md, section 15, says what a step means and what a client is free to do.
 */

import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { Effect, Order, Wish } from "#protocol/inputs.ts";
import { Link } from "#protocol/link.ts";

const DOCS = new URL("../../../../docs/", import.meta.url);
const IDENTITY = { name: "test", version: "1.2.3", platform: "node" };
const HALF = () => 0.5;
const PATIENCE_MS = 60_000;
const REST = "...";

/** What a client may say at any time, and with which frame it is answered. */
const FREE: Readonly<Record<string, string>> = {
  ping: "Pong",
  join_room: "RoomJoined",
  read: "Ack",
  typing: "Ack",
  set_presence: "Ack",
};

interface Json {
  readonly [member: string]: unknown;
}

interface Frame extends Json {
  readonly type: string;
  readonly ref?: string;
  readonly data: Json;
}

type Step =
  | { readonly do: "connect" | "cut" }
  | { readonly do: "hear"; readonly frame: Frame }
  | { readonly do: "say"; readonly frame: Frame; readonly by: "itself" | "person" }
  | { readonly do: "close"; readonly code: number; readonly reason: string };

export interface Part {
  readonly transcript: string;
  readonly token: string;
  readonly steps: readonly Step[];
}

export const parts = read("transcripts/parts.json") as readonly Part[];

export function play(part: Part): void {
  const server = new Server(part);
  for (const [at, step] of part.steps.entries())
    server.take(step, `${part.transcript}: step ${at + 1}`);
  server.finish();
}

class Server {
  readonly #part: Part;
  readonly #link = new Link(IDENTITY, HALF);
  readonly #chosen = new Map<string, unknown>();
  readonly #places = new Map<unknown, Json>();
  #now = 0;
  #isWanted = false;
  #said: Frame[] = [];

  constructor(part: Part) {
    this.#part = part;
  }

  take(step: Step, where: string): void {
    switch (step.do) {
      case "connect":
        return this.#connect(where);
      case "hear":
        return this.#tell(step.frame);
      case "cut":
        return this.#close(1006, "");
      case "close":
        return this.#close(step.code, step.reason);
      case "say":
        if (step.by === "person") this.#act(step.frame);
        return this.#hold(step.frame, where);
    }
  }

  /** Nothing was said that stands nowhere. */
  finish(): void {
    const more = this.#said.filter((frame) => !(frame.type in FREE));
    expect(more, `${this.#part.transcript}: more was said`).toEqual([]);
  }

  #connect(where: string): void {
    if (this.#now === 0) this.#did(this.#link.handle({ is: "start" }, this.#now));
    this.#until(() => this.#isWanted, `${where}: no connection was opened`);
    this.#isWanted = false;
    this.#said = [];
    this.#now += 1;
  }

  #act(frame: Frame): void {
    this.#did(this.#link.wish(wishOf(frame, this.#now), this.#now));
  }

  #hold(frame: Frame, where: string): void {
    const said = this.#next(frame.type, where);
    const expected = this.#expected(frame, said);
    expect(withRest(said, expected), where).toEqual(expected);
  }

  #tell(frame: Frame): void {
    this.#note(frame);
    const data = { ...frame.data };
    if ("client_msg_id" in data) data.client_msg_id = this.#ours("id", data.client_msg_id);
    const ref = "ref" in frame ? { ref: this.#ours("ref", frame.ref) } : {};
    this.#receive({ ...frame, ...ref, data });
  }

  #receive(frame: Json): void {
    const text = JSON.stringify(frame);
    this.#did(this.#link.handle({ is: "received", text }, this.#now));
  }

  #close(code: number, reason: string): void {
    this.#did(this.#link.handle({ is: "closed", code, reason }, this.#now));
  }

  /** The first frame of this type; what may be said at any time is answered meanwhile. */
  #next(type: string, where: string): Frame {
    let found: Frame | undefined;
    this.#until(() => {
      const at = this.#said.findIndex((frame) => frame.type === type);
      if (at >= 0) [found] = this.#said.splice(at, 1);
      for (const frame of this.#said.filter((one) => one.type in FREE)) this.#answer(frame);
      this.#said = this.#said.filter((one) => !(one.type in FREE));
      return found !== undefined;
    }, `${where}: ${type} was not said`);
    return found as Frame;
  }

  #answer(frame: Frame): void {
    if (frame.ref === undefined && frame.type !== "ping") return;
    const { ref: _, ...answer } = EXAMPLES[`heard.${FREE[frame.type]}`] as Frame;
    const ref = frame.ref === undefined ? {} : { ref: frame.ref };
    const room = frame.type === "join_room" ? frame.data.room_id : undefined;
    const place = room === undefined ? {} : { room_id: room, ...this.#places.get(room) };
    this.#receive({ ...answer, ...ref, data: { ...answer.data, ...place } });
  }

  /** The frame with what the client was free to choose in the place of what the part has. */
  #expected(frame: Frame, said: Frame): Frame {
    const data = { ...frame.data };
    if (frame.ref !== undefined) this.#chosen.set(`ref ${frame.ref}`, said.ref);
    if ("client_msg_id" in data) {
      const name = `id ${data.client_msg_id}`;
      if (!this.#chosen.has(name)) this.#chosen.set(name, said.data.client_msg_id);
      data.client_msg_id = this.#chosen.get(name);
    }
    return { ...frame, ...(frame.ref === undefined ? {} : { ref: said.ref as string }), data };
  }

  #ours(kind: string, name: unknown): unknown {
    return this.#chosen.get(`${kind} ${name}`) ?? name;
  }

  /** Remember where rooms stand, for who joins one anew. */
  #note(frame: Frame): void {
    const place = this.#places.get(frame.room_id);
    if (place !== undefined && "seq" in frame) {
      this.#places.set(frame.room_id, { ...place, head_seq: frame.seq });
    }
    if (frame.type !== "ready") return;
    for (const { room_id, epoch, head_seq } of frame.data.rooms as Json[]) {
      this.#places.set(room_id, { epoch, head_seq });
    }
  }

  /** Let time pass, tick by tick, until something has come about. */
  #until(isThere: () => boolean, missing: string): void {
    const patience = this.#now + PATIENCE_MS;
    while (!isThere()) {
      const due = this.#link.deadline;
      if (due === null || due > patience) throw new Error(missing);
      this.#now = Math.max(this.#now, due);
      this.#did(this.#link.handle({ is: "tick" }, this.#now));
    }
  }

  #did(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.do === "open") this.#isWanted = true;
      else if (effect.do === "write") this.#said.push(effect.frame as unknown as Frame);
      else if (effect.do === "fetch_token") this.#giveToken();
    }
  }

  #giveToken(): void {
    const expiresAt = this.#now + 900_000;
    const token = this.#part.token;
    this.#did(this.#link.handle({ is: "token", token, expiresAt }, this.#now));
  }
}

const EXAMPLES = examples();

function examples(): Readonly<Record<string, unknown>> {
  const document = read("schemas/chat.v1.asyncapi.json") as {
    components: { messages: Record<string, { examples: [{ payload: unknown }] }> };
  };
  const messages = Object.entries(document.components.messages);
  return Object.fromEntries(messages.map(([name, { examples }]) => [name, examples[0].payload]));
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, DOCS), "utf8"));
}

/** What a person does so that a client says this. */
function wishOf({ type, data }: Frame, now: number): Wish {
  if (type === "join_room") return { is: "attach", room_id: data.room_id as string };
  if (type !== "send_message") return { is: "order", tag: 1, order: { type, data } as Order };
  const { room_id, client_msg_id, content } = data as Record<string, string>;
  return { is: "send", room_id, client_msg_id, content, reply_to: null, written_at: now } as Wish;
}

/** The value with `...` in the place of what a pattern leaves open. */
function withRest(value: unknown, pattern: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(pattern)) {
    return value.map((item, at) => withRest(item, pattern[at]));
  }
  if (!isObject(value) || !isObject(pattern)) return value;
  const kept = Object.entries(value).filter(([name]) => !(REST in pattern) || name in pattern);
  const members = kept.map(([name, member]) => [name, withRest(member, pattern[name])]);
  return { ...Object.fromEntries(members), ...(REST in pattern ? { [REST]: true } : {}) };
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
