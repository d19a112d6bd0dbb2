/** The whole application without a browser: a server of prepared answers and a client that obeys. */

import { callAs, callAsNobody, fileCallAs } from "#api/call.ts";
import { MessagesApi } from "#api/messages.ts";
import { PeopleApi } from "#api/people.ts";
import { RoomsApi } from "#api/rooms.ts";
import { Session, type SessionEdges, type Tokens } from "#api/session.ts";
import { USUAL_LIMITS } from "#protocol/controls.ts";
import type { Ready, RoomEvent, RoomJoined } from "#protocol/frames.ts";
import type { Answer } from "#protocol/inflight.ts";
import type { Happening, Order, Wish } from "#protocol/inputs.ts";
import type { Notice, Status } from "#protocol/notices.ts";
import { MemoryShelves } from "#shelf/memory.ts";
import type { Shelves } from "#shelf/shelf.ts";
import { App } from "#state/app.ts";
import type { Client, Outside } from "#state/context.ts";
import type { Conversation, State } from "#state/model.ts";
import { ALICE } from "./frames.ts";
import { FakeServer, grant, historyItem, mine, myRooms } from "./http.ts";

export const CONNECTED: Extract<Status, { kind: "connected" }> = {
  kind: "connected",
  way: "socket",
  isBusy: false,
};
export const HISTORY = "GET /v1/rooms/A/messages";
export const ROOM = {
  id: "A",
  kind: "public",
  title: "General",
  topic: "All",
  state: "open",
  slow_mode_s: 0,
  opens_at: null,
  closes_at: null,
  slug: null,
  role: "member",
  people: [],
} as const;

export class RecordingClient implements Client {
  readonly happened: Happening[] = [];
  readonly wishes: Wish[] = [];
  readonly orders: Order[] = [];
  answer: Answer = { ok: true, reply: { type: "ack", seq: null } };

  happen(happening: Happening): void {
    this.happened.push(happening);
  }

  wish(wish: Wish): void {
    this.wishes.push(wish);
  }

  ask(order: Order): Promise<Answer> {
    this.orders.push(order);
    return Promise.resolve(this.answer);
  }
}

export class World {
  readonly server = new FakeServer()
    .on("POST /v1/auth/login", 200, grant())
    .on("GET /v1/me/rooms", 200, myRooms(mine(ROOM)))
    .on("GET /v1/rooms", 200, { items: [ROOM], next_cursor: null })
    .on("GET /v1/guest-rooms", 200, { may_be_made: true })
    .on("GET /v1/blocks", 200, { items: [], next_cursor: null })
    .on("GET /v1/presence", 200, { items: [] })
    .on("GET /v1/rooms/A", 200, ROOM)
    .on("GET /v1/rooms/A/members", 200, { items: [{ person: ALICE, role: "member" }] });
  readonly clients: RecordingClient[] = [];
  readonly timers: (() => void)[] = [];
  readonly app: App;
  now = 0;
  #tell: (notice: Notice) => void = () => {};
  #lastId = 0;

  constructor(shelves: Shelves = new MemoryShelves()) {
    const edges: SessionEdges = {
      fetch: this.server.fetch,
      timeout: () => this.server.timeout(),
      now: () => this.now,
      withLock: (_, work) => work(),
    };
    const session = new Session(edges);
    const outsideOf = (tokens: Tokens) => this.#outsideOf(tokens, session, edges);
    const own = { shelves: Promise.resolve(shelves), isGuest: false };
    this.app = new App({ ...outsideOf(session), asGuest: outsideOf, ...own });
  }

  #outsideOf(tokens: Tokens, session: Session, edges: SessionEdges): Outside {
    const call = callAs(tokens, this.server);
    return {
      session,
      edges,
      isGuest: true,
      asGuest: () => this.app.outside,
      call,
      fileCall: fileCallAs(tokens, this.server),
      ask: callAsNobody(this.server),
      rooms: new RoomsApi(call),
      messages: new MessagesApi(call),
      people: new PeopleApi(call),
      shelves: Promise.resolve(new MemoryShelves()),
      standFor: (_name, _isTaken, ear) => {
        ear.held();
        return () => {};
      },
      isLookedAt: () => true,
      now: () => this.now,
      setTimer: (ring) => {
        this.timers.push(ring);
        return () => {};
      },
      newId: () => {
        this.#lastId += 1;
        return `id${this.#lastId}`;
      },
      makeClient: (onNotice) => {
        this.#tell = onNotice;
        const client = new RecordingClient();
        this.clients.push(client);
        return client;
      },
    };
  }

  get state(): State {
    return this.app.store.get();
  }

  get client(): RecordingClient {
    const client = this.clients.at(-1);
    if (!client) throw new Error("nobody is logged in");
    return client;
  }

  get conversation(): Conversation {
    const conversation = this.state.conversations.A;
    if (!conversation) throw new Error("the room was not opened");
    return conversation;
  }

  async logIn(): Promise<this> {
    await this.app.account.logIn("alice@example.org", "secret");
    return this;
  }

  /** Log in, be connected, and have the list of rooms. */
  async connect(): Promise<this> {
    await this.logIn();
    this.tell({ type: "status", status: CONNECTED });
    this.tell({ type: "ready", ready: READY, limits: USUAL_LIMITS });
    await settled();
    return this;
  }

  tell(notice: Notice): void {
    this.#tell(notice);
  }

  tellEvent(seq: number, change: RoomEvent["change"]): void {
    this.tell({ type: "event", event: { room_id: "A", seq, change } });
  }

  tellJoined(other: Partial<RoomJoined> = {}): void {
    this.tell({ type: "joined", joined: { ...JOINED, ...other } });
  }
}

const READY: Ready = { type: "ready", person: ALICE, presence_state: "online", rooms: [] };

const JOINED: RoomJoined = {
  type: "room_joined",
  room_id: "A",
  epoch: "e1",
  head_seq: 0,
  read_seq: 0,
  role: "member",
  recovered: false,
  online: ["alice"],
  online_count: 1,
  states: [],
};

/** A world with room A open: one message, and older ones on the server. */
export async function opened(): Promise<World> {
  const world = await new World().connect();
  world.server.on(HISTORY, 200, { items: [historyItem(5)], next_cursor: "older" });
  world.app.conversations.open("A");
  world.tellJoined({ head_seq: 5, read_seq: 5 });
  await settled();
  return world;
}

/** Everything that was prepared has been answered. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
