/** The rooms of a person, and the ones they could be in. */

import { problemIn } from "#api/http.ts";
import type { Page } from "#api/pages.ts";
import type { NewRoom } from "#api/rooms.ts";
import { type Context, complain, updateAsNow } from "#state/context.ts";
import { READY, withConversation } from "#state/model.ts";
import { listing, withoutRoom, withPositions, withRoom } from "#state/roomlist.ts";
import type { Problem } from "#wire/problem.ts";
import type { Room } from "#wire/shapes.ts";

export class Lobby {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Read the list of my rooms and what is unread in them. */
  async load(): Promise<void> {
    const { rooms, messages } = this.#context;
    const update = updateAsNow(this.#context);
    try {
      const [mine, unread] = await Promise.all([rooms.mine(), messages.unread()]);
      update((state) => ({
        ...state,
        roomsLoading: READY,
        rooms: withPositions(listing(state.rooms, mine), unread),
      }));
    } catch (error) {
      const problem = problemIn(error);
      update((state) => ({ ...state, roomsLoading: { phase: "failed", problem } }));
    }
  }

  /** Return public rooms that match `query`.  Raises: Refused. */
  browse(query: string): Promise<Page<Room>> {
    return this.#context.rooms.browse(query);
  }

  /** Create a room and list it; return it, or why it could not be. */
  async create(wanted: Omit<NewRoom, "key">, key: string): Promise<Room | Problem> {
    try {
      const room = await this.#context.rooms.create({ ...wanted, key });
      this.#list({ ...room, role: room.role ?? "owner" });
      return room;
    } catch (error) {
      return problemIn(error);
    }
  }

  /** Become a member of a public room; return whether that worked. */
  async join(room: Room): Promise<boolean> {
    try {
      await this.#context.rooms.join(room.id);
      this.#list({ ...room, role: room.role ?? "member" });
      return true;
    } catch (error) {
      complain(this.#context, problemIn(error).message);
      return false;
    }
  }

  /** Leave a room for good; return whether that worked. */
  async leave(roomId: string): Promise<boolean> {
    try {
      await this.#context.rooms.leave(roomId);
      this.#context.store.update((state) => ({
        ...state,
        rooms: withoutRoom(state.rooms, roomId),
      }));
      return true;
    } catch (error) {
      complain(this.#context, problemIn(error).message);
      return false;
    }
  }

  newKey(): string {
    return this.#context.newId();
  }

  #list(room: Room): void {
    this.#context.store.update((state) =>
      withConversation(
        { ...state, rooms: withRoom(state.rooms, room) },
        room.id,
        (conversation) => ({ ...conversation, room }),
      ),
    );
  }
}
