/**
 * A browser with several pages of one Hubbub: one disk, one cookie, one set of locks, one server.
 * Everything of a page is the real thing, but for the edges that `main.tsx` would pass in.
 */

import { Dexie } from "dexie";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { afterEach } from "vitest";
import { type Call, callAs, callAsNobody, fileCallAs } from "#api/call.ts";
import { MessagesApi } from "#api/messages.ts";
import { PeopleApi } from "#api/people.ts";
import { RoomsApi } from "#api/rooms.ts";
import { Session, type SessionEdges, type User } from "#api/session.ts";
import { PolledWay } from "#polls/polls.ts";
import { ChatClient } from "#protocol/client.ts";
import { DiskShelves } from "#shelf/disk.ts";
import type { Disk } from "#shelf/schema.ts";
import type { Shelves } from "#shelf/shelf.ts";
import { App } from "#state/app.ts";
import type { State } from "#state/model.ts";
import { FakeServer, grant, mine, myRooms } from "./http.ts";
import { Hub } from "./hub.ts";
import { FakeLocks } from "./locks.ts";
import { servePolls } from "./polling.ts";
import { ROOM } from "./world.ts";

// Dexie watches nothing where it finds no disk of its own, though each database is given one.
Object.assign(Dexie.dependencies, { indexedDB: new IDBFactory(), IDBKeyRange });

// Pages of one test would hear what those of the next one do: Dexie goes by the database's name.
afterEach(() => {
  const open = Reflect.get(Dexie, "connections") as readonly Dexie[]; // Not in its types.
  for (const db of open) db.close();
});

const LOGIN = "POST /v1/auth/login";
const REFRESH = "POST /v1/auth/refresh";

export class Clock {
  now = 0;
  readonly #timers = new Map<object, { at: number; ring: () => void }>();

  setTimer(ring: () => void, afterMs: number): () => void {
    const key = {};
    this.#timers.set(key, { at: this.now + afterMs, ring });
    return () => this.#timers.delete(key);
  }

  /** Let time pass, as far as the next timers need; each settles before the next one rings. */
  async pass(ms: number): Promise<void> {
    const until = this.now + ms;
    for (let due = this.#due(until); due; due = this.#due(until)) {
      const [key, { at, ring }] = due;
      this.#timers.delete(key);
      this.now = Math.max(this.now, at);
      ring();
      await quiet();
    }
    this.now = until;
  }

  #due(until: number) {
    const due = [...this.#timers].filter(([, { at }]) => at <= until);
    return due.sort(([, a], [, b]) => a.at - b.at)[0];
  }
}

export class Browser {
  readonly hub = new Hub();
  readonly locks = new FakeLocks();
  readonly disk: Disk = { indexedDB: new IDBFactory(), IDBKeyRange };
  readonly server = new FakeServer()
    .on("GET /v1/me/rooms", 200, myRooms(mine(ROOM), mine({ ...ROOM, id: "B" })))
    .on("GET /v1/blocks", 200, { items: [], next_cursor: null })
    .on("GET /v1/presence", 200, { items: [] })
    .on("POST /v1/auth/logout", 204);
  readonly #pages: Page[] = [];

  constructor() {
    this.loggedInAs("alice");
    servePolls(this.server, this.hub);
    for (const id of ["A", "B"]) {
      this.server
        .on(`GET /v1/rooms/${id}`, 200, { ...ROOM, id })
        .on(`GET /v1/rooms/${id}/members`, 200, { items: [] })
        .on(`GET /v1/rooms/${id}/messages`, 200, { items: [], next_cursor: null });
    }
  }

  /** The cookie is this person's from now on. */
  loggedInAs(id: string): void {
    const user: User = { id, name: id, email: null };
    this.server.on(REFRESH, 200, { ...grant(), user }).on(LOGIN, 200, { ...grant(), user });
  }

  loggedOut(): void {
    this.server.refuse(REFRESH, 401, "session_revoked");
  }

  /** Server and network are gone, for HTTP and for sockets. */
  goOffline(): void {
    this.server.isReachable = false;
    this.hub.fall();
  }

  async goOnline(): Promise<void> {
    this.server.isReachable = true;
    this.hub.isUp = true;
    for (const page of this.#pages) page.app.sense("wake");
    await quiet();
  }

  /** Open a page and let it come to rest. */
  async open(shelves?: Shelves): Promise<Page> {
    const page = new Page(this, `page${this.#pages.length}`, shelves);
    this.#pages.push(page);
    await page.app.account.restore();
    await quiet();
    return page;
  }

  /** End a page without a word, as a crash does. */
  kill(page: Page): void {
    this.#pages.splice(this.#pages.indexOf(page), 1);
    page.die();
  }
}

export class Page {
  readonly app: App;
  readonly clock = new Clock();
  readonly name: string;
  isLookedAt = true;
  readonly #browser: Browser;
  readonly #closes: (() => void)[] = [];
  #lastId = 0;

  constructor(browser: Browser, name: string, shelves?: Shelves) {
    this.#browser = browser;
    this.name = name;
    const edges = {
      now: () => this.clock.now,
      setTimer: (ring: () => void, afterMs: number) => this.clock.setTimer(ring, afterMs),
    };
    const { server } = browser;
    const sessionEdges: SessionEdges = {
      ...edges,
      fetch: server.fetch,
      timeout: () => server.timeout(),
      withLock: (_, work) => work(),
    };
    const session = new Session(sessionEdges);
    const call = callAs(session, server);
    this.app = new App({
      ...edges,
      session,
      edges: sessionEdges,
      isGuest: false,
      asGuest: () => this.app.outside,
      call,
      fileCall: fileCallAs(session, server),
      ask: callAsNobody(server),
      rooms: new RoomsApi(call),
      messages: new MessagesApi(call),
      people: new PeopleApi(call),
      newId: () => this.#newId(),
      shelves: Promise.resolve(shelves ?? new DiskShelves(browser.disk, edges, name)),
      standFor: browser.locks.of(name),
      isLookedAt: () => this.isLookedAt,
      makeClient: (onNotice) =>
        new ChatClient(
          {
            ...edges,
            openSocket: (ear) => this.#openSocket(ear),
            loadPolls: () => Promise.resolve(this.#polls(call)),
            fetchToken: (isFresh) => session.token(isFresh),
            random: () => 0.5,
          },
          { name: "test", version: "1", platform: "node" },
          onNotice,
        ),
    });
  }

  get state(): State {
    return this.app.store.get();
  }

  /** What this page shows as not sent, in its order. */
  get unsent(): string[] {
    return this.state.outbox.map(({ content }) => content);
  }

  write(content: string, roomId = "A"): void {
    this.app.conversations.send(roomId, content, null);
  }

  /** Nothing that happens later reaches it. */
  die(): void {
    for (const close of this.#closes) close();
    this.#browser.locks.leave(this.name);
  }

  #polls(call: Call): PolledWay {
    const { clock } = this;
    return new PolledWay({
      call,
      now: () => clock.now,
      setTimer: (ring, afterMs) => clock.setTimer(ring, afterMs),
      random: () => 0.5,
      isLookedAt: () => this.isLookedAt,
    });
  }

  #openSocket(ear: Parameters<Hub["connect"]>[0]) {
    let isDead = false;
    const socket = this.#browser.hub.connect({
      received: (text) => isDead || ear.received(text),
      closed: (code, reason) => isDead || ear.closed(code, reason),
    });
    this.#closes.push(() => {
      isDead = true;
      socket.close(1006);
    });
    return socket;
  }

  #newId(): string {
    this.#lastId += 1;
    return `${this.name}-${this.#lastId}`;
  }
}

/** Let everything that is under way come to rest: the disk takes its steps in turns of the loop. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) {
    for (let step = 0; step < 8; step += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
