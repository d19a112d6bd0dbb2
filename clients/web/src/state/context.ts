/** What the parts of the application share. */

import type { Call, FileCall } from "#api/call.ts";
import type { MessagesApi } from "#api/messages.ts";
import type { PeopleApi } from "#api/people.ts";
import type { RoomsApi } from "#api/rooms.ts";
import type { Session, SessionEdges, Tokens } from "#api/session.ts";
import type { Answer } from "#protocol/inflight.ts";
import type { Happening, Order, Wish } from "#protocol/inputs.ts";
import type { Notice } from "#protocol/notices.ts";
import type { Shelves } from "#shelf/shelf.ts";
import type { StandFor } from "#state/carrier.ts";
import type { Keeping } from "#state/keeping.ts";
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
  /** What a session of another kind is made with. */
  readonly edges: SessionEdges;
  /** A guest has one room, and may ask for nothing beyond it. */
  readonly isGuest: boolean;
  /** The edges of a page whose reader is a guest with these tokens. */
  asGuest(tokens: Tokens): Outside;
  /** Requests of the person who is logged in, for pages that few people open. */
  readonly call: Call;
  readonly fileCall: FileCall;
  /** Requests of anybody. */
  readonly ask: Call;
  readonly rooms: RoomsApi;
  readonly messages: MessagesApi;
  readonly people: PeopleApi;
  /** What this browser keeps; never rejects. */
  readonly shelves: Promise<Shelves>;
  /** Stand for a lock that one page of this browser has at a time. */
  readonly standFor: StandFor;
  /** A person has this page before them. */
  isLookedAt(): boolean;
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
  /** What this browser keeps of the person; null while nobody is logged in. */
  keeping: Keeping | null;
}

/** Return an `update` that does nothing once another person is logged in, or nobody. */
export function updateAsNow({ store }: Context): (change: (state: State) => State) => void {
  const { account } = store.get();
  return (change) => store.update((state) => (state.account === account ? change(state) : state));
}

/** More sentences at once are not read; the oldest goes. */
const MOST_COMPLAINTS = 3;

/** Show a sentence about something that did not work; one that stands there already is new again. */
export function complain({ store, newId }: Context, sentence: string): void {
  const complaint = { id: newId(), sentence };
  store.update((state) => {
    const others = state.complaints.filter((known) => known.sentence !== sentence);
    return { ...state, complaints: [...others, complaint].slice(-MOST_COMPLAINTS) };
  });
}
