/**
 * What a browser keeps of one person, as the application sees it.
 *
 * | | what | holds | kept until |
 * |---|---|---|---|
 * | done here | outbox, drafts, read marks | the only copy | it is done, or the person logs out |
 * | seen here | rooms, pictures of conversations | a copy | newer ones push it out, or the session ends |
 *
 * All pages of a browser share one shelf. Every change is one transaction: a message and the draft
 * that it was are never both there, nor both gone. `disk.ts` is the real one; `memory.ts` stands in
 * for it where a browser keeps nothing, and dies with its page.
 */

import type { User } from "#api/session.ts";
import type { Shared, Written } from "#protocol/outbox.ts";
import type { Problem } from "#wire/problem.ts";
import type { LastMessage, Member, Message, Room } from "#wire/shapes.ts";

/** A room in the list. */
export interface KeptRoom {
  readonly room: Room;
  readonly unread: number;
  readonly mentions: number;
  readonly head: number;
  readonly read: number;
  readonly last: LastMessage | null;
  readonly last_at: string | null;
}

/** A conversation as it was when somebody last looked at it. */
export interface Picture {
  readonly room: Room;
  readonly members: readonly Member[];
  /** Oldest first. */
  readonly messages: readonly Message[];
}

export interface Draft {
  readonly room_id: string;
  /** Empty once it was sent or given up, so that other pages see it go. */
  readonly text: string;
}

/** The room was read up to `seq`. */
export interface ReadMark {
  readonly room_id: string;
  readonly seq: number;
}

export interface Kept {
  readonly rooms: readonly KeptRoom[];
  readonly drafts: readonly Draft[];
  readonly reads: readonly ReadMark[];
  readonly outbox: readonly Shared[];
}

/** What became of a message of the outbox. */
export type Ruling =
  | { readonly client_msg_id: string; readonly is: "gone" | "waiting" }
  | { readonly client_msg_id: string; readonly is: "failed"; readonly problem: Problem };

/** Who wants to know what other pages do; called with what is there now, after any change. */
export interface Ear {
  outbox(items: readonly Shared[]): void;
  /** The drafts that were last written on another page. */
  drafts(drafts: readonly Draft[]): void;
  reads(marks: readonly ReadMark[]): void;
}

/** Everything here rejects with `NotKept` when the browser does not keep it. */
export interface Shelf {
  /** Other pages see what is kept here. */
  readonly isShared: boolean;
  read(): Promise<Kept>;
  outbox(): Promise<readonly Shared[]>;
  /** Put a message behind all others and empty its draft; return the outbox after it. */
  post(message: Written): Promise<readonly Shared[]>;
  /** Write down what became of messages, if they are still there; return the outbox after it. */
  rule(rulings: readonly Ruling[]): Promise<readonly Shared[]>;
  writeDraft(draft: Draft): Promise<void>;
  /** Marks never go back. */
  markRead(mark: ReadMark): Promise<void>;
  /** Keep these rooms as they are now, and nothing more of those that are gone. */
  keepRooms(rooms: readonly KeptRoom[], goneIds: readonly string[]): Promise<void>;
  /** Keep a conversation; beyond `MOST_PICTURES` the one kept longest ago goes. */
  keepPicture(picture: Picture): Promise<void>;
  picture(roomId: string): Promise<Picture | null>;
  /** Make room: forget all conversations. */
  forgetPictures(): Promise<void>;
  /** Forget what was seen; until the shelf is opened again it takes messages and nothing else. */
  forgetSeen(): Promise<void>;
  /** Forget everything; the same holds after it. */
  forgetAll(): Promise<void>;
  /** Tell what is there, soon and after every change; return how to stop. */
  watch(ear: Ear): () => void;
  close(): void;
}

/** The shelves of everybody who uses this browser, and who did so last. */
export interface Shelves {
  /** Who is logged in on this browser, as far as it remembers. */
  last(): Promise<User | null>;
  setLast(user: User): Promise<void>;
  /** Remember this person no more; somebody else who came since stays. */
  forgetLast(id: string): Promise<void>;
  /** Tell who it is, soon and after every change; return how to stop. */
  watchLast(hear: (user: User | null) => void): () => void;
  open(user: User): Promise<Shelf>;
}

/** The browser did not keep it: its storage is absent, full, shut or too slow. */
export class NotKept extends Error {}

/** Conversations kept, as many as somebody looks at in some weeks. */
export const MOST_PICTURES = 50;
/** The newest messages of each: a few screens. */
export const MOST_MESSAGES = 200;
/** People of each, for the names in messages. */
export const MOST_MEMBERS = 500;

export const NOTHING_KEPT: Kept = { rooms: [], drafts: [], reads: [], outbox: [] };
