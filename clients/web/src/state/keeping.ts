/**
 * What a browser keeps of the person who is logged in: from entering to leaving.
 *
 * | part | keeps |
 * |---|---|
 * | `mailbag.ts`, `carrier.ts` | messages that are not sent, and who sends them |
 * | `drafts.ts` | what is not even that |
 * | `pictures.ts` | what was seen |
 * | here | how far rooms were read |
 */

import type { User } from "#api/session.ts";
import type { Notice } from "#protocol/notices.ts";
import type { Unsent, Written } from "#protocol/outbox.ts";
import { LastingShelf } from "#shelf/lasting.ts";
import { MemoryShelf } from "#shelf/memory.ts";
import {
  type Draft,
  type Kept,
  NOTHING_KEPT,
  NotKept,
  type ReadMark,
  type Shelf,
  type Shelves,
} from "#shelf/shelf.ts";
import { Carrier } from "#state/carrier.ts";
import { type Client, type Context, complain } from "#state/context.ts";
import { Drafts } from "#state/drafts.ts";
import { Mailbag } from "#state/mailbag.ts";
import type { State } from "#state/model.ts";
import { Pictures } from "#state/pictures.ts";
import { withMarks } from "#state/roomlist.ts";

const BROKEN =
  "This browser keeps nothing more. What is not sent when this page is closed will be lost.";
const NOT_FORGOTTEN = "You are logged out, but this browser could not forget what it kept of you.";

/** A shelf with what is on it. */
export interface Opened {
  readonly shelf: Shelf;
  readonly kept: Kept;
}

/** Open the shelf of a person; one in memory where the browser keeps nothing. */
export async function openShelf(shelves: Shelves, user: User): Promise<Opened> {
  try {
    const shelf = await shelves.open(user);
    return { shelf, kept: await shelf.read() };
  } catch (error) {
    if (!(error instanceof NotKept)) throw error;
    return { shelf: new MemoryShelf([]), kept: NOTHING_KEPT };
  }
}

/** Put what was kept into a state of which nothing else is known. */
export function withKept(state: State, kept: Kept): State {
  const rooms = Object.fromEntries(kept.rooms.map((listed) => [listed.room.id, listed]));
  const drafts = Object.fromEntries(kept.drafts.map(({ room_id, text }) => [room_id, text]));
  return withReads({ ...state, rooms, drafts }, kept.reads);
}

export class Keeping {
  readonly #context: Context;
  readonly #client: Client;
  readonly #shelf: LastingShelf;
  readonly #mailbag: Mailbag;
  readonly #carrier: Carrier;
  readonly #drafts: Drafts;
  readonly #pictures: Pictures;
  readonly #opened: Opened;
  #stopWatching: () => void = () => {};

  /** Go on with what was kept; the client is not started yet. */
  constructor(context: Context, client: Client, user: User, opened: Opened) {
    const { shelf, kept } = opened;
    this.#context = context;
    this.#client = client;
    this.#opened = opened;
    this.#shelf = new LastingShelf(shelf, kept.outbox, () => complain(context, BROKEN));
    this.#mailbag = new Mailbag(this.#shelf, client, (items) => this.#showUnsent(items));
    this.#drafts = new Drafts(this.#shelf, (draft) => this.#showDraft(draft));
    this.#pictures = new Pictures(context, this.#shelf);
    this.#carrier = new Carrier(`hubbub.outbox.${user.id}`, {
      standFor: context.standFor,
      setTimer: (ring, afterMs) => context.setTimer(ring, afterMs),
      isNeeded: () => context.isLookedAt() && isWaiting(context.store.get()),
      onChange: (isCarrier) => void this.#mailbag.carry(isCarrier),
    });
  }

  /** Give the client what was kept, and hear what other pages do. */
  start(): void {
    const { shelf, kept } = this.#opened;
    this.#mailbag.start();
    this.#recall(kept.reads);
    this.#stopWatching = shelf.watch({
      outbox: (list) => this.#mailbag.hearShelf(list),
      drafts: (drafts) => this.#drafts.hear(drafts),
      reads: (marks) => this.#hearReads(marks),
    });
  }

  /** Keep a message in place of its draft, and send it. */
  send(message: Written): void {
    this.#drafts.turnIntoMessage(message.room_id, this.#mailbag.send(message));
  }

  resend(id: string): void {
    this.#mailbag.resend(id);
  }

  draft(roomId: string, text: string): void {
    this.#drafts.write(roomId, text);
  }

  read(mark: ReadMark): void {
    void this.#shelf.use((shelf) => shelf.markRead(mark));
  }

  /** Show the picture of a room until its history is there. */
  showPicture(roomId: string): void {
    void this.#pictures.show(roomId);
  }

  /** What the protocol tells. */
  hear(notice: Notice): void {
    if (notice.type === "outbox") this.#mailbag.hear(notice.items);
    if (notice.type !== "status") return;
    if (notice.status.kind === "connected") this.#carrier.connected();
    else this.#carrier.away();
  }

  /** A person looks at this page. */
  onLook(): void {
    this.#carrier.check();
  }

  /**
   * Let go of the shelf. The person who leaves takes everything along; of one whose session has
   * ended, what is not sent waits for the next log-in.
   */
  async end(forgetting: "nothing" | "seen" | "all"): Promise<void> {
    this.#stopWatching();
    this.#pictures.stop();
    this.#carrier.away();
    const isForgotten = await this.#shelf.attempt(async (shelf) => {
      if (forgetting === "seen") await shelf.forgetSeen();
      if (forgetting === "all") await shelf.forgetAll();
      return true;
    }, false);
    if (!isForgotten) complain(this.#context, NOT_FORGOTTEN);
    this.#shelf.close();
  }

  #hearReads(marks: readonly ReadMark[]): void {
    this.#update((state) => withReads(state, marks));
    this.#recall(marks);
  }

  #recall(marks: readonly ReadMark[]): void {
    for (const mark of marks) this.#client.wish({ is: "recall", ...mark });
  }

  #showUnsent(outbox: readonly Unsent[]): void {
    this.#update((state) => (state.outbox === outbox ? state : { ...state, outbox }));
    this.#carrier.check();
  }

  #showDraft({ room_id, text }: Draft): void {
    this.#update((state) => {
      if ((state.drafts[room_id] ?? "") === text) return state;
      return { ...state, drafts: { ...state.drafts, [room_id]: text } };
    });
  }

  /** What comes late from the disk must not get onto the next person's page. */
  #update(change: (state: State) => State): void {
    if (this.#context.keeping === this) this.#context.store.update(change);
  }
}

function isWaiting({ outbox }: State): boolean {
  return outbox.some(({ state }) => state === "waiting");
}

function withReads(state: State, marks: readonly ReadMark[]): State {
  return { ...state, marks, rooms: withMarks(state.rooms, marks) };
}
