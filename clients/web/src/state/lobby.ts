/** The rooms of a person, and the ones they could be in. */

import { problemIn } from "#api/http.ts";
import type { MyRoom } from "#api/messages.ts";
import type { Page } from "#api/pages.ts";
import type { NewRoom } from "#api/rooms.ts";
import { type Context, complain, updateAsNow } from "#state/context.ts";
import { READY, withConversation } from "#state/model.ts";
import { listing, only, withMarks, withoutRoom, withRoom } from "#state/roomlist.ts";
import type { Problem } from "#wire/problem.ts";
import type { Person, Room } from "#wire/shapes.ts";

/** Of a hundred rooms each: nobody has more, and the rest is found by its name. */
const MOST_PAGES = 20;

export class Lobby {
  readonly #context: Context;
  /** Readings of the list that are not answered yet. */
  #underWay = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Read the list of my rooms and what is unread in them, and hear them from then on. */
  async load(): Promise<void> {
    if (this.#context.isGuest) return;
    this.#underWay += 1;
    await this.#load();
    this.#underWay -= 1;
  }

  /** Read the list again, unless that is under way. */
  async refresh(): Promise<void> {
    if (this.#underWay === 0) await this.load();
  }

  /** Somebody let me into a room. Of a direct one the news does not say who is in it. */
  async enter(room: Room): Promise<void> {
    this.#follow([room.id]);
    if (room.title !== "") return;
    const update = updateAsNow(this.#context);
    try {
      const named = await this.#context.rooms.get(room.id);
      update((state) => ({ ...state, rooms: withRoom(state.rooms, named) }));
    } catch (error) {
      problemIn(error); // The next reading of the list says it.
    }
  }

  /** Return a page of the public rooms that match `query`.  Raises: Refused. */
  browse(query: string, cursor: string | null): Promise<Page<Room>> {
    return this.#context.rooms.browse(query, cursor);
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

  /** Return people whose name holds `query`.  Raises: Refused. */
  findPeople(query: string): Promise<Page<Person>> {
    return this.#context.people.find(query);
  }

  /** Take somebody into a private room; return whether that worked. */
  async add(roomId: string, person: Person): Promise<boolean> {
    try {
      await this.#context.rooms.add(roomId, person.id);
      return true;
    } catch (error) {
      complain(this.#context, problemIn(error).message);
      return false;
    }
  }

  /** Return the direct room with somebody, or null if there cannot be one. */
  async talkTo(person: Person): Promise<Room | null> {
    try {
      const room = await this.#context.rooms.direct([person.id]);
      this.#list(room);
      return room;
    } catch (error) {
      complain(this.#context, problemIn(error).message);
      return null;
    }
  }

  newKey(): string {
    return this.#context.newId();
  }

  async #load(): Promise<void> {
    const { messages, store } = this.#context;
    const before = store.get().rooms;
    const update = updateAsNow(this.#context);
    const named: MyRoom[] = [];
    let cursor: string | null = null;
    try {
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        const page: Page<MyRoom> = await messages.rooms(cursor);
        named.push(...page.items);
        cursor = page.next;
        update((state) => ({
          ...state,
          roomsLoading: READY,
          rooms: withMarks(listing(state.rooms, page.items, before), state.marks),
        }));
        this.#follow(page.items.map(({ room_id }) => room_id));
        if (cursor === null) break;
      }
      if (cursor === null)
        update((state) => ({ ...state, rooms: only(state.rooms, named, before) }));
    } catch (error) {
      const problem = problemIn(error);
      update((state) => ({ ...state, roomsLoading: { phase: "failed", problem } }));
    }
  }

  #follow(roomIds: readonly string[]): void {
    this.#context.client?.wish({ is: "follow", room_ids: roomIds });
  }

  #list(room: Room): void {
    this.#follow([room.id]);
    this.#context.store.update((state) =>
      withConversation(
        { ...state, rooms: withRoom(state.rooms, room) },
        room.id,
        (conversation) => ({ ...conversation, room }),
      ),
    );
  }
}
