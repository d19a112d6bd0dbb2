/** A client of the protocol with sockets, polls and a clock that a test moves. */

import { ChatClient, type Polls, type SocketEar, type Token } from "#protocol/client.ts";
import type { Notice } from "#protocol/notices.ts";
import { hello, ready } from "./frames.ts";
import { settled } from "./world.ts";

class FakeSocket {
  readonly sent: { type: string; ref?: string; data: object }[] = [];
  closedWith: number | null = null;
  readonly ear: SocketEar;

  constructor(ear: SocketEar) {
    this.ear = ear;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(code: number): void {
    this.closedWith = code;
  }
}

/** A client whose world stands still until a test moves it. */
export class ClientWorld {
  readonly sockets: FakeSocket[] = [];
  readonly polled: FakeSocket[] = [];
  readonly notices: Notice[] = [];
  readonly client: ChatClient;
  now = 0;
  /** Null while they are not to be had. */
  polls: Polls | null = null;
  token: Promise<Token | null> = Promise.resolve({ token: "abc", expiresAt: 900_000 });
  timer: { ring: () => void; at: number } | null = null;
  onNotice: (notice: Notice) => void = () => {};

  constructor() {
    this.client = new ChatClient(
      {
        openSocket: (ear) => this.open(this.sockets, ear),
        loadPolls: async () => {
          if (!this.polls) throw new TypeError("Failed to fetch");
          return this.polls;
        },
        fetchToken: () => this.token,
        now: () => this.now,
        setTimer: (ring, afterMs) => {
          this.timer = { ring, at: this.now + afterMs };
          return () => {
            this.timer = null;
          };
        },
        random: () => 0.5,
      },
      { name: "test", version: "1", platform: "node" },
      (notice) => {
        this.notices.push(notice);
        this.onNotice(notice);
      },
    );
  }

  /** From now on HTTP works, and polls can be opened. */
  letPoll(): void {
    const check = () => Promise.resolve({ is: "open" } as const);
    this.polls = { check, open: (ear) => this.open(this.polled, ear) };
  }

  open(among: FakeSocket[], ear: SocketEar): FakeSocket {
    const socket = new FakeSocket(ear);
    among.push(socket);
    return socket;
  }

  /** Let three sockets fail. */
  async fail(): Promise<void> {
    this.client.happen({ is: "start" });
    for (let times = 0; times < 3; times += 1) {
      await settled();
      this.socket.ear.closed(1006, "");
      await settled();
      if (this.polled.length === 0) this.ring();
    }
    await settled();
  }

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("no socket was opened");
    return socket;
  }

  async connect(ref = "r1"): Promise<void> {
    this.client.happen({ is: "start" });
    await this.opened();
    this.greet(ref);
  }

  async opened(): Promise<void> {
    await this.token.catch(() => null);
    await Promise.resolve();
  }

  greet(ref: string): void {
    this.socket.ear.received(hello());
    this.socket.ear.received(ready([], ref));
  }

  ring(): void {
    const timer = this.timer;
    if (!timer) throw new Error("no timer is set");
    this.now = timer.at;
    timer.ring();
  }

  get statuses(): string[] {
    return this.notices.flatMap((notice) => (notice.type === "status" ? notice.status.kind : []));
  }
}
