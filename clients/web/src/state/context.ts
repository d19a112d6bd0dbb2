/** What the parts of the application share. */

import type { MessagesApi } from "#api/messages.ts";
import type { PeopleApi } from "#api/people.ts";
import type { RoomsApi } from "#api/rooms.ts";
import type { Session } from "#api/session.ts";
import type { Answer } from "#protocol/inflight.ts";
import type { Happening, Order, Wish } from "#protocol/inputs.ts";
import type { Notice } from "#protocol/notices.ts";
import type { State } from "#state/model.ts";
import type { Store } from "#state/store.ts";

/** A `ChatClient`, or something that behaves like one. */
export interface Client {
  happen(happening: Happening): void;
  wish(wish: Wish): void;
  ask(order: Order): Promise<Answer>;
}

/** The edges of the application. */
export interface Outside {
  readonly session: Session;
  readonly rooms: RoomsApi;
  readonly messages: MessagesApi;
  readonly people: PeopleApi;
  makeClient(onNotice: (notice: Notice) => void): Client;
  now(): number;
  setTimer(ring: () => void, afterMs: number): () => void;
  /** An id of 1 to 64 letters that was never given before. */
  newId(): string;
}

export interface Context extends Outside {
  readonly store: Store<State>;
  /** The client of this session; null while nobody is logged in. */
  client: Client | null;
}

/** Return an `update` that does nothing once another person is logged in, or nobody. */
export function updateAsNow({ store }: Context): (change: (state: State) => State) => void {
  const { account } = store.get();
  return (change) => store.update((state) => (state.account === account ? change(state) : state));
}

/** Show a sentence about something that did not work. */
export function complain({ store }: Context, sentence: string): void {
  store.update((state) => ({ ...state, complaint: sentence }));
}
