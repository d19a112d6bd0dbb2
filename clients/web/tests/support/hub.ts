/** A server that speaks as much of `chat.v1` as the messages of one person in some rooms need. */

import type { Socket, SocketEar } from "#protocol/client.ts";
import {
  ALICE,
  ack,
  frame,
  hello,
  joined,
  messageEvent,
  position,
  ready,
  refusal,
} from "./frames.ts";

interface Posted {
  readonly client_msg_id: string;
  readonly content: string;
}

interface Command {
  readonly type: string;
  readonly ref?: string;
  readonly data: {
    readonly room_id: string;
    readonly client_msg_id: string;
    readonly content: string;
    readonly seq: number;
    readonly rooms?: readonly { room_id: string; seq: number }[];
    readonly resume?: readonly { room_id: string; seq: number }[];
  };
}

/** What the server does with a message. */
type Manner =
  | "answer" // An ack, and the event for everybody who hears the room.
  | "withhold" // It is taken, and nobody is told.
  | "ack" // Its event is still on its way.
  | "ignore" // The frame is lost.
  | "refuse"; // For good.

export class Hub {
  /** Every message of a room, in the order in which the server took them. */
  readonly log: Record<string, Posted[]> = { A: [], B: [] };
  /** Whoever waits for the next message of any room. */
  readonly waiting = new Set<() => void>();
  /** Every message that arrived, repeats too. */
  readonly arrived: string[] = [];
  readonly reads: Command["data"][] = [];
  readonly connections = new Set<Connection>();
  readonly #told = new Map<string, number>();
  isUp = true;
  /** A proxy on the way lets no socket through. */
  isStripped = false;
  manner: Manner = "answer";

  /** A socket as a page opens it; it is closed at once while the server is down. */
  connect(ear: SocketEar): Socket {
    const connection = new Connection(this, ear);
    const isThrough = () => this.isUp && !this.isStripped;
    queueMicrotask(() => (isThrough() ? connection.begin() : ear.closed(1006, "")));
    return connection;
  }

  /** The server goes away, with all connections. */
  fall(): void {
    this.isUp = false;
    for (const connection of [...this.connections]) connection.cut();
  }

  /** Everything that stands in a room's history. */
  contents(roomId: string): string[] {
    return (this.log[roomId] ?? []).map(({ content }) => content);
  }

  post(from: Connection, { ref = "", data }: Command): void {
    if (this.manner === "refuse") {
      this.arrived.push(data.client_msg_id);
      return from.say(refusal(ref, "muted"));
    }
    const taken = this.take(data.room_id, data);
    if (taken === null) return;
    from.say(ack(ref, { message_id: `m${taken.seq}`, ...taken }));
    if (this.manner === "answer") this.#tell(data.room_id, this.log[data.room_id]?.length ?? 0);
  }

  /** Put a message into the log, once; return where it stands, null if nobody is to know. */
  take(roomId: string, posted: Posted): { seq: number; duplicate: boolean } | null {
    const { client_msg_id, content } = posted;
    this.arrived.push(client_msg_id);
    if (this.manner === "ignore") return null;
    const log = this.log[roomId] ?? [];
    const known = log.findIndex((one) => one.client_msg_id === client_msg_id);
    if (known < 0) log.push({ client_msg_id, content });
    if (this.manner === "answer") for (const wake of [...this.waiting]) wake();
    if (this.manner === "withhold") return null;
    return { seq: known < 0 ? log.length : known + 1, duplicate: known >= 0 };
  }

  /** Tell everybody who hears the room what they were not told yet. */
  #tell(roomId: string, head: number): void {
    for (let seq = (this.#told.get(roomId) ?? 0) + 1; seq <= head; seq += 1) {
      for (const connection of this.connections) connection.hear(roomId, seq);
      this.#told.set(roomId, seq);
    }
  }
}

class Connection implements Socket {
  readonly #hub: Hub;
  readonly #ear: SocketEar;
  readonly #rooms = new Set<string>();

  constructor(hub: Hub, ear: SocketEar) {
    this.#hub = hub;
    this.#ear = ear;
  }

  begin(): void {
    this.#hub.connections.add(this);
    this.say(hello());
  }

  /** The page is gone, or closes. */
  close(): void {
    this.#hub.connections.delete(this);
  }

  cut(): void {
    this.close();
    this.#ear.closed(1006, "");
  }

  say(text: string): void {
    this.#ear.received(text);
  }

  hear(roomId: string, seq: number): void {
    const posted = this.#hub.log[roomId]?.[seq - 1];
    if (!posted || !this.#rooms.has(roomId)) return;
    const { client_msg_id, content } = posted;
    const words = { author: ALICE, client_msg_id, content };
    this.say(JSON.stringify(messageEvent(roomId, seq, words)));
  }

  send(text: string): void {
    const command = JSON.parse(text) as Command; // Written by our own client.
    // An answer comes later than the question, as over a network.
    queueMicrotask(() => {
      if (this.#hub.connections.has(this)) this.#answer(command);
    });
  }

  #answer(command: Command): void {
    const { type, ref = "", data } = command;
    if (type === "auth") this.#greet(command);
    else if (type === "join_room") this.#join(ref, data.room_id);
    else if (type === "resume") this.#resume(ref, data.rooms ?? []);
    else if (type === "send_message") this.#hub.post(this, command);
    else if (type === "read") this.#hub.reads.push(data);
    else if (ref !== "") this.say(ack(ref));
    else this.say(frame("pong", {}));
  }

  #greet({ ref = "", data }: Command): void {
    const rooms = Object.entries(this.#hub.log);
    this.say(
      ready(
        rooms.map(([id, log]) => position(id, log.length)),
        ref,
      ),
    );
    if (data.resume && data.resume.length > 0) this.#resume(null, data.resume);
  }

  #join(ref: string, roomId: string): void {
    this.#rooms.add(roomId);
    this.say(joined(ref, roomId, this.#hub.log[roomId]?.length ?? 0));
  }

  #resume(ref: string | null, rooms: readonly { room_id: string; seq: number }[]): void {
    const found = rooms.map(({ room_id, seq }) => {
      this.#rooms.add(room_id);
      const head = this.#hub.log[room_id]?.length ?? 0;
      for (let next = seq + 1; next <= head; next += 1) this.hear(room_id, next);
      return { room_id, recovered: true, from: seq, to: head };
    });
    this.say(frame("resumed", { rooms: found }, ref === null ? {} : { ref }));
  }
}
