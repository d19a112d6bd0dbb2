/**
 * The tables on disk, by version.
 *
 * A version that was released is never changed; the next one is a step of its own. A step carries
 * over what the person did (outbox, drafts, reads) and empties what can be read again (rooms,
 * pictures) whenever the shape of its rows changed: only the first is the only copy.
 */

import type { Table, Transaction } from "dexie";
import { Dexie } from "dexie";
import type { Shared } from "#protocol/outbox.ts";
import type { Draft, KeptRoom, Picture, ReadMark } from "#shelf/shelf.ts";

export interface Step {
  readonly version: number;
  /** By table: its key first, then what it is looked up by. */
  readonly tables: Readonly<Record<string, string>>;
  upgrade?(rows: Transaction): PromiseLike<void>;
}

/** `place` is the order of all messages of all pages: the disk counts it, and never backwards. */
export type OutboxRow = Shared & { readonly place?: number };
export type DraftRow = Draft & { readonly page: string };
export type PictureRow = Picture & { readonly kept_at: number };
/** There while the person is logged in on this browser. */
export interface PersonRow {
  readonly id: string;
}

export const PERSON_STEPS: readonly Step[] = [
  {
    version: 1,
    tables: {
      outbox: "++place, &client_msg_id",
      drafts: "room_id",
      reads: "room_id",
      rooms: "room.id",
      pictures: "room.id, kept_at",
      person: "id",
    },
  },
  // Rooms have got a state and a clock, and the list their last message.
  { version: 2, tables: {}, upgrade: (rows) => emptied(rows, ["rooms", "pictures"]) },
];

async function emptied(rows: Transaction, tables: readonly string[]): Promise<void> {
  await Promise.all(tables.map((name) => rows.table(name).clear()));
}

export const LAST_STEPS: readonly Step[] = [{ version: 1, tables: { last: "key" } }];

/** The browser's own database, or something that behaves like it. */
export interface Disk {
  readonly indexedDB: IDBFactory;
  readonly IDBKeyRange: typeof globalThis.IDBKeyRange;
}

/** Describe a database; it is opened by its first use. */
export function database(name: string, steps: readonly Step[], disk: Disk): Dexie {
  // Without Dexie's own copy of what it read: it would be one more thing that can be stale.
  const db = new Dexie(name, { ...disk, cache: "disabled" });
  for (const { version, tables, upgrade } of steps) {
    const described = db.version(version).stores({ ...tables });
    if (upgrade) described.upgrade(upgrade);
  }
  // A page of a newer version waits for it. The next use opens it again, as that page made it.
  db.on("versionchange", () => {
    db.close({ disableAutoOpen: false });
    return false;
  });
  return db;
}

export interface Tables {
  readonly outbox: Table<OutboxRow, number>;
  readonly drafts: Table<DraftRow, string>;
  readonly reads: Table<ReadMark, string>;
  readonly rooms: Table<KeptRoom, string>;
  readonly pictures: Table<PictureRow, string>;
  readonly person: Table<PersonRow, string>;
}

export function tablesOf(db: Dexie): Tables {
  return {
    outbox: db.table("outbox"),
    drafts: db.table("drafts"),
    reads: db.table("reads"),
    rooms: db.table("rooms"),
    pictures: db.table("pictures"),
    person: db.table("person"),
  };
}
