/**
 * Shelves in the browser's IndexedDB: one database per person, and a tiny one that says who was
 * here last. Loaded beside the first page rather than with it, since Dexie is a third of its size.
 */

import type { Dexie } from "dexie";
import type { User } from "#api/session.ts";
import { DiskShelf } from "#shelf/diskshelf.ts";
import { answered, type Clock } from "#shelf/patience.ts";
import {
  type Disk,
  database,
  LAST_STEPS,
  PERSON_STEPS,
  type Step,
  tablesOf,
} from "#shelf/schema.ts";
import type { Shelf, Shelves } from "#shelf/shelf.ts";
import { watched } from "#shelf/watched.ts";

const LAST = "last";

export class DiskShelves implements Shelves {
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #page: string;
  readonly #steps: readonly Step[];
  readonly #lastDb: Dexie;

  /** `page` names this page among all that are open; `steps` end with the version in use. */
  constructor(disk: Disk, clock: Clock, page: string, steps = PERSON_STEPS) {
    this.#disk = disk;
    this.#clock = clock;
    this.#page = page;
    this.#steps = steps;
    this.#lastDb = database("hubbub", LAST_STEPS, disk);
  }

  last(): Promise<User | null> {
    return answered(this.#clock, () => this.#readLast());
  }

  setLast(user: User): Promise<void> {
    return answered(this.#clock, async () => {
      await this.#lastDb.table(LAST).put({ key: LAST, user });
    });
  }

  forgetLast(id: string): Promise<void> {
    const found = this.#lastDb.table(LAST).filter(({ user }) => user.id === id);
    return answered(this.#clock, async () => {
      await found.delete();
    });
  }

  watchLast(hear: (user: User | null) => void): () => void {
    return watched(() => this.#readLast(), hear);
  }

  open(user: User): Promise<Shelf> {
    return answered(this.#clock, async () => {
      const db = database(`hubbub.${user.id}`, this.#steps, this.#disk);
      const tables = tablesOf(db);
      await tables.person.put({ id: user.id });
      return new DiskShelf(db, this.#clock, this.#page);
    });
  }

  async #readLast(): Promise<User | null> {
    const row = await this.#lastDb.table(LAST).get(LAST);
    return row?.user ?? null;
  }
}
