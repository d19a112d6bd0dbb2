/**
 * Pages of history, put under the live events.
 *
 * Events that come while the newest page is on its way are applied to it again, since it may have
 * been read before or after them; that changes nothing where it already contains them.
 */

import { problemIn } from "#api/http.ts";
import type { RoomEvent } from "#protocol/frames.ts";
import { type Context, complain, updateAsNow } from "#state/context.ts";
import { readerOf } from "#state/hearing.ts";
import { type Conversation, type Loading, READY, withConversation } from "#state/model.ts";
import { fromPage, type Timeline, withChange, withOlder } from "#state/timeline.ts";

export class History {
  readonly #context: Context;
  /** Per room whose newest page is on its way: the events since the request. */
  readonly #since = new Map<string, RoomEvent[]>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Read the newest page; what was shown before stays until it is there. */
  async load(roomId: string): Promise<void> {
    const since: RoomEvent[] = [];
    this.#since.set(roomId, since);
    const change = this.#changer(roomId);
    const settle = (loading: Loading, timeline: Timeline | null) => {
      if (this.#since.get(roomId) !== since) return;
      this.#since.delete(roomId);
      change((room) => ({ ...room, loading, timeline: timeline ?? room.timeline }));
    };
    try {
      const page = await this.#context.messages.history(roomId, null);
      settle(READY, this.#replay(fromPage(page), since));
      this.#settleOwn(roomId);
    } catch (error) {
      settle({ phase: "failed", problem: problemIn(error) }, null);
    }
  }

  /** Whether the newest page of a room is on its way. */
  isLoading(roomId: string): boolean {
    return this.#since.has(roomId);
  }

  /** Note an event in case a page is on its way. */
  hear(event: RoomEvent): void {
    this.#since.get(event.room_id)?.push(event);
  }

  /** Read the page before the oldest message shown, unless that is under way or there is none. */
  async loadOlder(roomId: string): Promise<void> {
    const before = this.#context.store.get().conversations[roomId]?.timeline;
    if (!before || before.isLoadingOlder || before.older === null) return;
    const change = this.#timelineChanger(roomId);
    change((timeline) => ({ ...timeline, isLoadingOlder: true }));
    try {
      const page = await this.#context.messages.history(roomId, before.older);
      change((timeline) =>
        timeline.older === before.older ? withOlder(timeline, page) : timeline,
      );
    } catch (error) {
      change((timeline) => ({ ...timeline, isLoadingOlder: false }));
      complain(this.#context, problemIn(error).message);
    }
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
    const messages = state.conversations[roomId]?.timeline.messages ?? [];
    const mine = messages.filter(({ author }) => author.id === readerOf(state));
    const ids = new Set(mine.map((message) => message.client_msg_id));
    for (const { client_msg_id } of state.outbox) {
      if (ids.has(client_msg_id)) this.#context.client?.wish({ is: "forget", client_msg_id });
    }
  }

  #timelineChanger(roomId: string): (change: (timeline: Timeline) => Timeline) => void {
    const changeRoom = this.#changer(roomId);
    return (change) => changeRoom((room) => ({ ...room, timeline: change(room.timeline) }));
  }

  /** Return how to change a room once something has come that was asked for now. */
  #changer(roomId: string): (change: (conversation: Conversation) => Conversation) => void {
    const update = updateAsNow(this.#context);
    return (change) => update((state) => withConversation(state, roomId, change));
  }
}
