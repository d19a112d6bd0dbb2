/**
 * One person's shelf in IndexedDB. Each method is one transaction over the tables that it names, and
 * pages take turns on a table, so what one reads the other has written whole.
 */

import type { Dexie, Table } from "dexie";
import type { Shared, Written } from "#protocol/outbox.ts";
import { answered, type Clock } from "#shelf/patience.ts";
import { type Tables, tablesOf } from "#shelf/schema.ts";
import {
  type Draft,
  type Ear,
  type Kept,
  type KeptRoom,
  MOST_MEMBERS,
  MOST_MESSAGES,
  MOST_PICTURES,
  type Picture,
  type ReadMark,
  type Ruling,
  type Shelf,
} from "#shelf/shelf.ts";
import { watched } from "#shelf/watched.ts";

export class DiskShelf implements Shelf {
  readonly isShared = true;
  readonly #db: Dexie;
  readonly #tables: Tables;
  readonly #clock: Clock;
  readonly #page: string;

  constructor(db: Dexie, clock: Clock, page: string) {
    this.#db = db;
    this.#tables = tablesOf(db);
    this.#clock = clock;
    this.#page = page;
  }

  read(): Promise<Kept> {
    const { rooms, drafts, reads, outbox } = this.#tables;
    return this.#do([rooms, drafts, reads, outbox], async () => ({
      rooms: await rooms.toArray(),
      drafts: await drafts.toArray(),
      reads: await reads.toArray(),
      outbox: await this.#outbox(),
    }));
  }

  outbox(): Promise<readonly Shared[]> {
    return answered(this.#clock, () => this.#outbox());
  }

  post(message: Written): Promise<readonly Shared[]> {
    const { outbox, drafts } = this.#tables;
    return this.#do([outbox, drafts], async () => {
      await outbox.add({ ...message, state: "waiting", problem: null });
      await drafts.put({ room_id: message.room_id, text: "", page: this.#page });
      return this.#outbox();
    });
  }

  rule(rulings: readonly Ruling[]): Promise<readonly Shared[]> {
    return this.#do([this.#tables.outbox], async () => {
      for (const ruling of rulings) await this.#rule(ruling);
      return this.#outbox();
    });
  }

  writeDraft(draft: Draft): Promise<void> {
    const { drafts } = this.#tables;
    return this.#keep([drafts], async () => {
      await drafts.put({ ...draft, page: this.#page });
    });
  }

  markRead({ room_id, seq }: ReadMark): Promise<void> {
    const { reads } = this.#tables;
    return this.#keep([reads], async () => {
      const known = await reads.get(room_id);
      if (seq > (known?.seq ?? 0)) await reads.put({ room_id, seq });
    });
  }

  keepRooms(kept: readonly KeptRoom[], goneIds: readonly string[]): Promise<void> {
    const { rooms, pictures } = this.#tables;
    return this.#keep([rooms, pictures], async () => {
      await rooms.bulkPut([...kept]);
      await rooms.bulkDelete([...goneIds]);
      await pictures.bulkDelete([...goneIds]);
    });
  }

  keepPicture({ room, members, messages }: Picture): Promise<void> {
    const { pictures } = this.#tables;
    return this.#keep([pictures], async () => {
      await pictures.put({
        room,
        members: members.slice(0, MOST_MEMBERS),
        messages: messages.slice(-MOST_MESSAGES),
        kept_at: this.#clock.now(),
      });
      const over = (await pictures.count()) - MOST_PICTURES;
      if (over <= 0) return;
      await pictures.bulkDelete(await pictures.orderBy("kept_at").limit(over).primaryKeys());
    });
  }

  picture(roomId: string): Promise<Picture | null> {
    return answered(this.#clock, async () => (await this.#tables.pictures.get(roomId)) ?? null);
  }

  forgetPictures(): Promise<void> {
    const { pictures } = this.#tables;
    return this.#do([pictures], () => pictures.clear());
  }

  forgetSeen(): Promise<void> {
    const { rooms, pictures, person } = this.#tables;
    return this.#clear([rooms, pictures, person]);
  }

  forgetAll(): Promise<void> {
    return this.#clear(this.#db.tables);
  }

  watch(ear: Ear): () => void {
    const { drafts, reads } = this.#tables;
    const others = () => drafts.filter(({ page }) => page !== this.#page).toArray();
    const stops = [
      watched(() => this.#outbox(), ear.outbox),
      watched(others, ear.drafts),
      watched(() => reads.toArray(), ear.reads),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  close(): void {
    this.#db.close();
  }

  async #outbox(): Promise<readonly Shared[]> {
    const rows = await this.#tables.outbox.orderBy("place").toArray();
    return rows.map(({ place: _, ...item }) => item);
  }

  async #rule(ruling: Ruling): Promise<void> {
    const found = this.#tables.outbox.where("client_msg_id").equals(ruling.client_msg_id);
    if (ruling.is === "gone") await found.delete();
    else await found.modify({ state: ruling.is, problem: problemOf(ruling) });
  }

  #clear(tables: readonly Table[]): Promise<void> {
    return this.#do(tables, async () => {
      for (const table of tables) await table.clear();
    });
  }

  /** Another page may have logged out a moment ago: then nothing is left behind after it. */
  #keep(tables: readonly Table[], work: () => Promise<void>): Promise<void> {
    const { person } = this.#tables;
    return this.#do([...tables, person], async () => {
      if ((await person.count()) > 0) await work();
    });
  }

  #do<T>(tables: readonly Table[], work: () => PromiseLike<T>): Promise<T> {
    return answered(this.#clock, () => this.#db.transaction("rw", [...tables], work));
  }
}

function problemOf(ruling: Ruling) {
  return ruling.is === "failed" ? ruling.problem : null;
}
