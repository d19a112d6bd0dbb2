/** Where the application meets the browser: every effect is named here and passed in. */

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { type Call, callAs, callAsNobody, fileCallAs } from "#api/call.ts";
import { MessagesApi } from "#api/messages.ts";
import { PeopleApi } from "#api/people.ts";
import { RoomsApi } from "#api/rooms.ts";
import { Session, type Tokens } from "#api/session.ts";
import { Root } from "#app/Root.tsx";
import { followTheme } from "#app/theme.ts";
import { ChatClient, type Polls, type SocketEar } from "#protocol/client.ts";
import type { Notice } from "#protocol/notices.ts";
import { MemoryShelves } from "#shelf/memory.ts";
import type { Shelves } from "#shelf/shelf.ts";
import { App } from "#state/app.ts";
import type { LockEar } from "#state/carrier.ts";
import type { Outside } from "#state/context.ts";
import { version } from "../package.json";
import "./styles.css";

const http = {
  fetch: (path: string, init: RequestInit) => window.fetch(path, init),
  timeout: (afterMs: number) => AbortSignal.timeout(afterMs),
};

const clock = {
  now: () => Date.now(),
  setTimer(ring: () => void, afterMs: number) {
    const timer = setTimeout(ring, afterMs);
    return () => clearTimeout(timer);
  },
};

const edges = { ...http, ...clock, withLock };
const session = new Session(edges);
const app = new App({ ...outsideOf(session), shelves: openShelves(), isGuest: false });

/** What whoever has these tokens can reach. */
function outsideOf(tokens: Tokens): Outside {
  const call = callAs(tokens, http);
  return {
    ...clock,
    edges,
    session,
    call,
    fileCall: fileCallAs(tokens, http),
    ask: callAsNobody(http),
    rooms: new RoomsApi(call),
    messages: new MessagesApi(call),
    people: new PeopleApi(call),
    newId,
    shelves: Promise.resolve(new MemoryShelves()),
    isGuest: true,
    asGuest: outsideOf,
    standFor,
    isLookedAt,
    makeClient: (onNotice) => makeClient(tokens, call, onNotice),
  };
}

function makeClient(tokens: Tokens, call: Call, onNotice: (notice: Notice) => void): ChatClient {
  const client = new ChatClient(
    {
      ...clock,
      openSocket,
      loadPolls: () => loadPolls(call),
      fetchToken: (isFresh) => tokens.token(isFresh),
      random: () => Math.random(),
    },
    { name: "hubbub-web", version, platform: "web" },
    onNotice,
  );
  if (!navigator.onLine) client.happen({ is: "offline" });
  return client;
}

/** Few networks need it, so its code comes when a socket has failed. */
async function loadPolls(call: Call): Promise<Polls> {
  const { PolledWay } = await import("#polls/polls.ts");
  return new PolledWay({ ...clock, call, isLookedAt, random: () => Math.random() });
}

function isLookedAt(): boolean {
  return document.visibilityState === "visible";
}

/** The code for the disk comes while the first page is shown; without it nothing is kept. */
async function openShelves(): Promise<Shelves> {
  try {
    const { DiskShelves } = await import("#shelf/disk.ts");
    return new DiskShelves({ indexedDB, IDBKeyRange }, clock, newId());
  } catch {
    return new MemoryShelves();
  }
}

/** Browsers offer locks on secure pages only; without them every page has what it stands for. */
function standFor(name: string, isTaken: boolean, ear: LockEar): () => void {
  if (!navigator.locks) {
    ear.held();
    return () => {};
  }
  const line = new AbortController();
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const options = isTaken ? { steal: true } : { signal: line.signal };
  const asked = navigator.locks.request(name, options, () => {
    ear.held();
    return held;
  });
  asked.catch(() => ear.lost());
  return () => {
    line.abort();
    letGo();
  };
}

/** Plain `ws` only where the page itself came over plain HTTP: on this machine. */
function openSocket(ear: SocketEar): WebSocket {
  const scheme = window.location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${window.location.host}/v1/ws`, "chat.v1");
  socket.onmessage = ({ data }) => ear.received(String(data));
  socket.onclose = ({ code, reason }) => ear.closed(code, reason);
  return socket;
}

/** Browsers offer locks on secure pages only; without them two pages may refresh at once. */
function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request(name, work) : work();
}

/** 128 random bits in hexadecimal. `randomUUID` exists on secure pages only. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

window.addEventListener("online", () => app.sense("wake"));
window.addEventListener("offline", () => app.sense("offline"));
document.addEventListener("visibilitychange", () => {
  if (isLookedAt() && navigator.onLine) app.sense("wake");
});

followTheme();
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <Root app={app} />
  </StrictMode>,
);
void app.account.restore();

// From then on the page itself opens without a server. Browsers offer this on secure pages only.
if (import.meta.env.PROD && "serviceWorker" in navigator) {
  window.addEventListener("load", () => {
    void navigator.serviceWorker.register("/sw.js").catch(() => null);
  });
}
