/** Rooms and who is in them. */

import type { Call } from "#api/call.ts";
import { allPages, type Page, readPage } from "#api/pages.ts";
import type * as Http from "#wire/generated/http.ts";
import type { Json } from "#wire/read.ts";
import { type Member, type Mute, type Room, readMember, readMute, readRoom } from "#wire/shapes.ts";

export interface NewRoom {
  readonly kind: Http.NewRoom["kind"];
  readonly title: string;
  readonly topic: string;
  /** The same key again creates nothing new. */
  readonly key: string;
}

export class RoomsApi {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Return the rooms that the person is a member of. */
  mine(): Promise<Room[]> {
    return allPages(this.#call, "/v1/rooms", { scope: "mine" }, readRoom);
  }

  /** Return a page of the public rooms that match `query`; an empty one matches all. */
  browse(query: string, cursor: string | null): Promise<Page<Room>> {
    const search = { scope: "public", q: query === "" ? null : query, cursor };
    return this.#call({ method: "GET", path: "/v1/rooms", query: search }, readPage(readRoom));
  }

  get(roomId: string): Promise<Room> {
    return this.#call({ method: "GET", path: `/v1/rooms/${roomId}` }, readRoom);
  }

  /** Return a room, and the mute that binds the reader there. */
  look(roomId: string): Promise<{ readonly room: Room; readonly mute: Mute | null }> {
    return this.#call(
      { method: "GET", path: `/v1/rooms/${roomId}` },
      (from: Json<Http.RoomShown>) => ({
        room: readRoom(from),
        mute: readMute(from),
      }),
    );
  }

  create({ kind, title, topic, key }: NewRoom): Promise<Room> {
    const body: Http.NewRoom = topic === "" ? { kind, title } : { kind, title, topic };
    const request = { method: "POST", path: "/v1/rooms", body, idempotencyKey: key } as const;
    return this.#call(request, readRoom);
  }

  async join(roomId: string): Promise<void> {
    await this.#call({ method: "POST", path: `/v1/rooms/${roomId}/join` }, () => null);
  }

  async leave(roomId: string): Promise<void> {
    await this.#call({ method: "POST", path: `/v1/rooms/${roomId}/leave` }, () => null);
  }

  /** Take somebody into a private room. */
  async add(roomId: string, personId: string): Promise<void> {
    const path = `/v1/rooms/${roomId}/members/${personId}`;
    const body: Http.NewRole = { role: "member" };
    await this.#call({ method: "PUT", path, body }, () => null);
  }

  /** Return the room in which nobody but these people are, and the reader. */
  direct(personIds: readonly string[]): Promise<Room> {
    const body: Http.DirectPeople = { user_ids: [...personIds] };
    return this.#call({ method: "POST", path: "/v1/direct", body }, readRoom);
  }

  members(roomId: string): Promise<Member[]> {
    return allPages(this.#call, `/v1/rooms/${roomId}/members`, {}, readMember);
  }
}
