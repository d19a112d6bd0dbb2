/**
 * Pages of history, put under the live events.
 *
 * Events that come while a page is on its way are applied to it again, since it may have been read
 * before or after them; that changes nothing where it already contains them.
 */

import { problemIn } from "#api/http.ts";
import { PAGE, type PagePlace } from "#api/messages.ts";
import type { Page } from "#api/pages.ts";
import type { RoomEvent } from "#protocol/frames.ts";
import { type Context, complain, updateAsNow } from "#state/context.ts";
import { readerOf } from "#state/hearing.ts";
import { type Conversation, type Loading, READY, withConversation } from "#state/model.ts";
import { messageIn, type Timeline, withChange } from "#state/timeline.ts";
import { fromMiddle, fromPage, withNewer, withOlder } from "#state/windows.ts";
import type { Message } from "#wire/shapes.ts";

/** So many answered messages of other pages are kept; beyond that they are read again. */
const MOST_ANSWERED = 500;

type Change = (timeline: Timeline) => Timeline;

export class History {
  readonly #context: Context;
  /** Per room: for each page on its way, the events since it was asked for. */
  readonly #since = new Map<string, Set<RoomEvent[]>>();
  /** Per room: the last request to start over, which makes those before it void. */
  readonly #start = new Map<string, RoomEvent[]>();
  readonly #asked = new Set<string>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Read the newest page; what was shown before stays until it is there. */
  async load(roomId: string): Promise<void> {
    const change = this.#changer(roomId);
    try {
      await this.#startOver(roomId, null, fromPage);
      this.#settleOwn(roomId);
    } catch (error) {
      const loading: Loading = { phase: "failed", problem: problemIn(error) };
      if (!this.isLoading(roomId)) change((room) => ({ ...room, loading }));
    }
  }

  /** Read the messages around a seq instead of those that are shown; return whether that worked. */
  async loadAround(roomId: string, seq: number): Promise<boolean> {
    try {
      return await this.#startOver(roomId, { around: seq }, (page) => fromMiddle(page, seq, PAGE));
    } catch (error) {
      complain(this.#context, problemIn(error).message);
      return false;
    }
  }

  /** Whether a page is on its way that everything starts over with. */
  isLoading(roomId: string): boolean {
    return this.#start.has(roomId);
  }

  /** Note an event in case a page is on its way. */
  hear(event: RoomEvent): void {
    for (const since of this.#since.get(event.room_id) ?? []) since.push(event);
  }

  /** Read the page before the oldest message shown, unless that is under way or there is none. */
  async loadOlder(roomId: string): Promise<void> {
    const { older, isLoadingOlder = true } = this.#timelineOf(roomId) ?? {};
    if (isLoadingOlder || older === null || older === undefined) return;
    await this.#grow(
      roomId,
      { before_seq: older },
      (isLoading) => ({ isLoadingOlder: isLoading }),
      (timeline, page) => (timeline.older === older ? withOlder(timeline, page) : timeline),
    );
  }

  /** Read the page after the newest message shown, unless that is under way or there is none. */
  async loadNewer(roomId: string): Promise<void> {
    const { newer, isLoadingNewer = true } = this.#timelineOf(roomId) ?? {};
    if (isLoadingNewer || newer === null || newer === undefined) return;
    await this.#grow(
      roomId,
      { after_seq: newer },
      (isLoading) => ({ isLoadingNewer: isLoading }),
      (timeline, page) => (timeline.newer === newer ? withNewer(timeline, page) : timeline),
    );
    this.#settleOwn(roomId);
  }

  /** Read a message that is answered but not shown; once, whatever comes of it. */
  async loadAnswered(roomId: string, messageId: string): Promise<void> {
    const timeline = this.#timelineOf(roomId);
    if (!timeline || this.#asked.has(messageId)) return;
    if (messageIn(timeline, messageId) !== undefined) return;
    this.#asked.add(messageId);
    const change = this.#timelineChanger(roomId);
    const message = await this.#context.messages.one(messageId).catch(() => null);
    this.#asked.delete(messageId);
    change((now) => ({ ...now, answered: withAnswered(now.answered, messageId, message) }));
  }

  async #startOver(
    roomId: string,
    place: PagePlace | null,
    made: (page: Page<Message>) => Timeline,
  ): Promise<boolean> {
    const change = this.#changer(roomId);
    const since = this.#listen(roomId);
    this.#start.set(roomId, since);
    try {
      const page = await this.#context.messages.history(roomId, place);
      if (this.#start.get(roomId) !== since) return false;
      change((room) => {
        const timeline = { ...made(page), answered: room.timeline.answered };
        return {
          ...room,
          loading: READY,
          isFromShelf: false,
          timeline: this.#replay(timeline, since),
        };
      });
      return true;
    } finally {
      this.#deafen(roomId, since);
      if (this.#start.get(roomId) === since) this.#start.delete(roomId);
    }
  }

  async #grow(
    roomId: string,
    place: PagePlace,
    flag: (isLoading: boolean) => Partial<Timeline>,
    grown: (timeline: Timeline, page: Page<Message>) => Timeline,
  ): Promise<void> {
    const change = this.#timelineChanger(roomId);
    const since = this.#listen(roomId);
    change((timeline) => ({ ...timeline, ...flag(true) }));
    try {
      const page = await this.#context.messages.history(roomId, place);
      change((timeline) => this.#replay(grown(timeline, page), since));
    } catch (error) {
      change((timeline) => ({ ...timeline, ...flag(false) }));
      complain(this.#context, problemIn(error).message);
    } finally {
      this.#deafen(roomId, since);
    }
  }

  /** Return a list to which the events of a room are added from now on. */
  #listen(roomId: string): RoomEvent[] {
    const since: RoomEvent[] = [];
    const known = this.#since.get(roomId);
    if (known) known.add(since);
    else this.#since.set(roomId, new Set([since]));
    return since;
  }

  #deafen(roomId: string, since: RoomEvent[]): void {
    const known = this.#since.get(roomId);
    known?.delete(since);
    if (known?.size === 0) this.#since.delete(roomId);
  }

  /** Others' reactions have no id, so one that the page most likely counts is not counted again. */
  #replay(page: Timeline, since: readonly RoomEvent[]): Timeline {
    const me = readerOf(this.#context.store.get());
    const repeatable = since.filter(({ change }) => !change.type.startsWith("reaction"));
    return repeatable.reduce((timeline, { change }) => withChange(timeline, change, me), page);
  }

  /** What stands in the history need not be sent any more. */
  #settleOwn(roomId: string): void {
    const state = this.#context.store.get();
    if (state.outbox.length === 0) return;
    const messages = this.#timelineOf(roomId)?.messages ?? [];
    const mine = messages.filter(({ author }) => author.id === readerOf(state));
    const ids = new Set(mine.map((message) => message.client_msg_id));
    for (const { client_msg_id } of state.outbox) {
      if (ids.has(client_msg_id)) this.#context.client?.wish({ is: "forget", client_msg_id });
    }
  }

  #timelineOf(roomId: string): Timeline | undefined {
    return this.#context.store.get().conversations[roomId]?.timeline;
  }

  #timelineChanger(roomId: string): (change: Change) => void {
    const changeRoom = this.#changer(roomId);
    return (change) => changeRoom((room) => ({ ...room, timeline: change(room.timeline) }));
  }

  /** Return how to change a room once something has come that was asked for now. */
  #changer(roomId: string): (change: (conversation: Conversation) => Conversation) => void {
    const update = updateAsNow(this.#context);
    return (change) => update((state) => withConversation(state, roomId, change));
  }
}

function withAnswered(
  answered: Timeline["answered"],
  id: string,
  message: Message | null,
): Timeline["answered"] {
  const kept = Object.keys(answered).length < MOST_ANSWERED ? answered : {};
  return { ...kept, [id]: message };
}
