/**
 * The outbox of all pages of a browser: keeps the shelf and the protocol's copy in step.
 *
 *     send --> on the shelf, its draft gone, in one step --> the protocol --> the socket
 *     the protocol says: gone, or failed for good --> the shelf --> all pages
 *
 * So a message whose page dies is still a draft, or is on the shelf with its id: never neither. The
 * protocol decides what is sent when; the shelf is its memory, and where pages meet.
 */

import type { Shared, Unsent, Written } from "#protocol/outbox.ts";
import type { LastingShelf } from "#shelf/lasting.ts";
import { ruled } from "#shelf/memory.ts";
import type { Ruling, Shelf } from "#shelf/shelf.ts";
import type { Client } from "#state/context.ts";

export class Mailbag {
  readonly #shelf: LastingShelf;
  readonly #client: Client;
  readonly #show: (items: readonly Unsent[]) => void;
  /** What the protocol said last. */
  #items: readonly Unsent[] = [];
  /** On their way to the shelf. */
  #writing: readonly Unsent[] = [];
  #underWay = 0;
  /** This page holds the lock. */
  #isToCarry = false;
  /** And has read what is there. */
  #isCarrier = false;
  #toldCarrier = false;

  /** `show` is called with everything that is not sent, after each change. */
  constructor(shelf: LastingShelf, client: Client, show: (items: readonly Unsent[]) => void) {
    this.#shelf = shelf;
    this.#client = client;
    this.#show = show;
  }

  /** Give the protocol what was kept. */
  start(): void {
    this.#take(this.#shelf.outbox);
  }

  /** Keep a message, then send it; settled when it is kept. */
  send(message: Written): Promise<void> {
    const item: Unsent = { ...message, state: "waiting", problem: null, seq: null };
    this.#writing = [...this.#writing, item];
    this.#showAll();
    return this.#write((shelf) => shelf.post(message));
  }

  /** Try a failed message again, on whichever page carries. */
  resend(id: string): void {
    const isKept = this.#shelf.outbox.some((item) => item.client_msg_id === id);
    if (!isKept) return this.#client.wish({ is: "resend", client_msg_id: id });
    void this.#write((shelf) => shelf.rule([{ client_msg_id: id, is: "waiting" }]));
  }

  /** Another page has changed the shelf. While we change it too, our own change tells more. */
  hearShelf(list: readonly Shared[]): void {
    if (this.#underWay === 0 && this.#shelf.isShared) this.#take(list);
  }

  /** The protocol has changed its copy. */
  hear(items: readonly Unsent[]): void {
    this.#items = items;
    const rulings = rulingsOn(this.#shelf.outbox, items);
    if (rulings.length > 0) {
      this.#shelf.outbox = ruled(this.#shelf.outbox, rulings);
      void this.#write((shelf) => shelf.rule(rulings));
    }
    this.#showAll();
  }

  /** This page carries from now on, with everything that is there; or does not. */
  async carry(isCarrier: boolean): Promise<void> {
    this.#isToCarry = isCarrier;
    if (isCarrier) await this.#write((shelf) => shelf.outbox());
    this.#isCarrier = this.#isToCarry;
    this.#tellCarrier();
  }

  async #write(work: (shelf: Shelf) => Promise<readonly Shared[]>): Promise<void> {
    this.#underWay += 1;
    const list = await this.#shelf.use(work);
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#take(list);
  }

  #take(list: readonly Shared[]): void {
    this.#shelf.outbox = list;
    if (list.length === 0 && this.#items.length === 0) return;
    this.#writing = this.#writing.filter((item) => !list.some(isSameAs(item)));
    this.#tellCarrier();
    this.#client.wish({ is: "share", items: list });
    this.#showAll();
  }

  /** What only this page has nobody else can carry. */
  #tellCarrier(): void {
    const isCarrier = this.#isCarrier || !this.#shelf.isShared;
    if (isCarrier === this.#toldCarrier) return;
    this.#toldCarrier = isCarrier;
    this.#client.wish({ is: "carry", isCarrier });
  }

  #showAll(): void {
    const writing = this.#writing.filter((item) => !this.#items.some(isSameAs(item)));
    this.#show(writing.length === 0 ? this.#items : [...this.#items, ...writing]);
  }
}

/** What the protocol has decided of messages and the shelf does not know. */
function rulingsOn(list: readonly Shared[], items: readonly Unsent[]): Ruling[] {
  return list.flatMap((kept): Ruling[] => {
    const { client_msg_id } = kept;
    const item = items.find(isSameAs(kept));
    if (!item) return [{ client_msg_id, is: "gone" }];
    if (item.state !== "failed" || item.problem === null || kept.state === "failed") return [];
    return [{ client_msg_id, is: "failed", problem: item.problem }];
  });
}

function isSameAs(item: Written): (other: Written) => boolean {
  return (other) => other.client_msg_id === item.client_msg_id;
}
