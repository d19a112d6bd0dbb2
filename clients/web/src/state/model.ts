/** What the application knows: one immutable value. */

import type { User } from "#api/session.ts";
import { USUAL_LIMITS } from "#protocol/controls.ts";
import type { ChosenState, Limits, Presence } from "#protocol/frames.ts";
import type { Status } from "#protocol/notices.ts";
import type { Unsent } from "#protocol/outbox.ts";
import type { ReadMark } from "#shelf/shelf.ts";
import { EMPTY_ROSTER, type Roster } from "#state/roster.ts";
import { EMPTY_TIMELINE, type Timeline } from "#state/timeline.ts";
import type { Problem } from "#wire/problem.ts";
import type { LastMessage, Member, Message, Mute, Room } from "#wire/shapes.ts";

/** Something that is fetched. */
export type Loading =
  | { readonly phase: "loading" }
  | { readonly phase: "ready" }
  | { readonly phase: "failed"; readonly problem: Problem };

export type Account =
  | { readonly phase: "restoring" }
  | { readonly phase: "unreachable" }
  /** `notice` says why, when it was not the person's own wish. */
  | { readonly phase: "out"; readonly notice: string | null }
  | { readonly phase: "in"; readonly user: User };

/** A room of mine, as the list shows it. */
export interface Listed {
  readonly room: Room;
  readonly unread: number;
  readonly mentions: number;
  readonly head: number;
  readonly read: number;
  /** Null before anything was said, and where that is not known. */
  readonly last: LastMessage | null;
  /** When something was last said, RFC 3339; null as above. */
  readonly last_at: string | null;
}

/** The messages of a room that somebody had not read: those after one seq, up to another. */
export interface Unseen {
  readonly after: number;
  readonly upTo: number;
}

/** In a room that was never read everything would be new, so nothing is. */
export function unseenUpTo(head: number, read: number): Unseen | null {
  return read > 0 && read < head ? { after: read, upTo: head } : null;
}

/** Where somebody was in a room: how far below the upper edge a message stood, in pixels. */
export interface Place {
  readonly seq: number;
  readonly offset: number;
}

export interface Conversation {
  readonly loading: Loading;
  readonly room: Room | null;
  readonly timeline: Timeline;
  /** The timeline is a picture from another time: it does not grow, and the history replaces it. */
  readonly isFromShelf: boolean;
  readonly members: readonly Member[];
  readonly membersLoading: Loading;
  readonly roster: Roster;
  /** Who is typing, and until when that is to be believed, in ms. */
  readonly typing: Readonly<Record<string, number>>;
  /** A page shows it now. */
  readonly isShown: boolean;
  /** What was unread when it was opened; undefined until that is known. */
  readonly unseen: Unseen | null | undefined;
  /** Where the reader was when another page was shown; null for the end. */
  readonly place: Place | null;
  /** Why the room is no longer live; null while it is, or is coming. */
  readonly gone: string | null;
  /** The reader may not write here. */
  readonly mute: Mute | null;
}

export interface Complaint {
  readonly id: string;
  readonly sentence: string;
}

export interface State {
  readonly account: Account;
  readonly status: Status;
  /** How far the server's clock is ahead of this one, as far as it has said. */
  readonly aheadMs: number;
  readonly limits: Limits;
  readonly roomsLoading: Loading;
  readonly rooms: Readonly<Record<string, Listed>>;
  readonly conversations: Readonly<Record<string, Conversation>>;
  readonly outbox: readonly Unsent[];
  /** What is written but not sent, by room. */
  readonly drafts: Readonly<Record<string, string>>;
  /** How far rooms were read, as the browser kept it; also of rooms that are not listed yet. */
  readonly marks: readonly ReadMark[];
  /** Which message the draft of a room answers, by room. */
  readonly answers: Readonly<Record<string, Message>>;
  readonly presence: Readonly<Record<string, Presence>>;
  /** What the reader wants to be seen as. */
  readonly chosen: ChosenState;
  /** The reader's own words beside it; empty for none. */
  readonly statusText: string;
  /** Sentences about what did not work, the newest last, each shown until it is put away. */
  readonly complaints: readonly Complaint[];
  /** Where the pictures of people are, by person; null: they have none. */
  readonly faces: Readonly<Record<string, string | null>>;
  /** Ids of those whom the reader has blocked. */
  readonly blocked: ReadonlySet<string>;
  /** The reader is asked to show that it is them, by one of these ways. */
  readonly proofAsked: readonly string[] | null;
}

export const LOADING: Loading = { phase: "loading" };
export const READY: Loading = { phase: "ready" };

export const EMPTY_CONVERSATION: Conversation = {
  loading: LOADING,
  room: null,
  timeline: EMPTY_TIMELINE,
  isFromShelf: false,
  members: [],
  membersLoading: LOADING,
  roster: EMPTY_ROSTER,
  typing: {},
  isShown: false,
  unseen: undefined,
  place: null,
  gone: null,
  mute: null,
};

/** Nothing is known yet, except about the account. */
export function emptyState(account: Account): State {
  return {
    account,
    status: { kind: "idle" },
    aheadMs: 0,
    limits: USUAL_LIMITS,
    roomsLoading: LOADING,
    rooms: {},
    conversations: {},
    outbox: [],
    drafts: {},
    marks: [],
    answers: {},
    presence: {},
    chosen: "online",
    statusText: "",
    complaints: [],
    faces: {},
    blocked: new Set(),
    proofAsked: null,
  };
}

/** No socket gets through now, but requests may. */
export function isCut({ kind }: Status): boolean {
  return kind === "reconnecting" || kind === "offline" || kind === "stopped";
}

/** How many messages the server has not taken: those that a log-out would lose. */
export function unsentIn({ outbox }: State): number {
  return outbox.filter(({ state }) => state !== "accepted").length;
}

/** Change one conversation, if it was ever opened. */
export function withConversation(
  state: State,
  roomId: string,
  change: (conversation: Conversation) => Conversation,
): State {
  const before = state.conversations[roomId];
  if (!before) return state;
  const after = change(before);
  if (after === before) return state;
  return { ...state, conversations: { ...state.conversations, [roomId]: after } };
}

/** Forget what is known of a conversation. */
export function withoutConversation(state: State, roomId: string): State {
  if (!state.conversations[roomId]) return state;
  const { [roomId]: _, ...conversations } = state.conversations;
  return { ...state, conversations };
}
