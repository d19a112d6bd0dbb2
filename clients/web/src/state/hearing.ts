/** What the protocol tells, put into the state. All functions are pure. */

import type { RoomEvent, RoomJoined, Signal } from "#protocol/frames.ts";
import type { Notice } from "#protocol/notices.ts";
import {
  type Conversation,
  type State,
  type Unseen,
  unseenUpTo,
  withConversation,
} from "#state/model.ts";
import { heardPresence, heardSnapshot, withJoined } from "#state/presence.ts";
import {
  withEvent,
  withHead,
  withLeastHead,
  withoutRoom,
  withPositions,
  withRead,
  withRoom,
} from "#state/roomlist.ts";
import { withChange } from "#state/timeline.ts";
import type { Member } from "#wire/shapes.ts";

/** Return the state after a notice; `now` in ms. */
export function heard(state: State, notice: Notice, now: number): State {
  switch (notice.type) {
    case "status":
      return { ...state, status: notice.status };
    case "clock":
      return { ...state, aheadMs: Date.parse(notice.server_time) - now };
    case "ready":
      return {
        ...state,
        limits: notice.limits,
        chosen: notice.ready.presence_state,
        presence: {},
        rooms: withPositions(state.rooms, notice.ready.rooms),
      };
    case "event":
      return heardEvent(state, notice.event);
    case "joined":
      return heardJoined(state, notice.joined);
    case "detached":
      return gone(state, notice.room_id, notice.reason);
    case "signal":
      return heardSignal(state, notice.signal, now);
    case "outbox":
      return { ...state, outbox: notice.items };
    default:
      return state;
  }
}

/** Forget who seemed to be typing and has said nothing since. */
export function withoutStaleTyping(state: State, roomId: string, now: number): State {
  return withConversation(state, roomId, (conversation) => {
    const fresh = Object.entries(conversation.typing).filter(([, until]) => until > now);
    if (fresh.length === Object.keys(conversation.typing).length) return conversation;
    return { ...conversation, typing: Object.fromEntries(fresh) };
  });
}

/** The reader's id, empty when nobody is logged in. */
export function readerOf({ account }: State): string {
  return account.phase === "in" ? account.user.id : "";
}

function heardEvent(state: State, event: RoomEvent): State {
  const me = readerOf(state);
  const rooms = withEvent(state.rooms, event, me);
  return withConversation({ ...state, rooms }, event.room_id, (conversation) =>
    withEventIn(conversation, event, me),
  );
}

function withEventIn(conversation: Conversation, event: RoomEvent, me: string): Conversation {
  const { change } = event;
  const { isFromShelf } = conversation;
  const timeline = isFromShelf
    ? conversation.timeline
    : withChange(conversation.timeline, change, me);
  switch (change.type) {
    case "message": {
      const { [change.message.author.id]: _, ...typing } = conversation.typing;
      return { ...conversation, timeline, typing };
    }
    case "member_joined":
    case "member_updated": {
      const member = { person: change.person, role: change.role ?? "member" };
      return { ...withMe(conversation, member, me), members: withMember(conversation, member) };
    }
    case "member_left":
      return { ...conversation, members: without(conversation, change.person.id) };
    case "room_updated": {
      const { room } = conversation;
      const { type: _, ...setting } = change;
      return { ...conversation, room: room && { ...room, ...setting } };
    }
    default:
      return { ...conversation, timeline };
  }
}

function withMe(conversation: Conversation, { person, role }: Member, me: string): Conversation {
  if (person.id !== me || !conversation.room) return conversation;
  return { ...conversation, room: { ...conversation.room, role } };
}

function withMember(conversation: Conversation, member: Member): readonly Member[] {
  return [...without(conversation, member.person.id), member];
}

function without({ members }: Conversation, personId: string): readonly Member[] {
  return members.filter(({ person }) => person.id !== personId);
}

function heardJoined(state: State, joined: RoomJoined): State {
  const { room_id, role, head_seq, read_seq } = joined;
  const rooms = withRead(withLeastHead(state.rooms, room_id, head_seq), room_id, read_seq);
  const read = state.rooms[room_id]?.read ?? 0;
  const here = withJoined({ ...state, rooms }, joined, readerOf(state));
  return withConversation(here, room_id, (conversation) => ({
    ...conversation,
    gone: null,
    room: conversation.room && { ...conversation.room, role },
    unseen: isUnseenKnown(conversation, read) ? conversation.unseen : unseenIn(joined, read),
  }));
}

/**
 * Before the history is there, what is known of the room may be from another time; unless it was
 * read since it was opened: then nobody else can say any more what was new.
 */
function isUnseenKnown({ unseen, loading }: Conversation, read: number): boolean {
  if (unseen === undefined) return false;
  return loading.phase === "ready" || (unseen !== null && read > unseen.after);
}

/** The server may not know yet what was `read` here. */
function unseenIn({ role, read_seq, head_seq }: RoomJoined, read: number): Unseen | null {
  return role === null ? null : unseenUpTo(head_seq, Math.max(read, read_seq));
}

function heardSignal(state: State, signal: Signal, now: number): State {
  switch (signal.type) {
    case "presence":
      return heardPresence(state, signal.presence);
    case "roster":
      return heardSnapshot(state, signal.room_id, signal.users, signal.online_count);
    case "typing":
      return withConversation(state, signal.room_id, (conversation) => {
        const { [signal.person_id]: _, ...others } = conversation.typing;
        const until = now + signal.expires_in_ms;
        return {
          ...conversation,
          typing: signal.is_typing ? { ...others, [signal.person_id]: until } : others,
        };
      });
    case "receipt":
      if (signal.person_id !== readerOf(state)) return state;
      return { ...state, rooms: withRead(state.rooms, signal.room_id, signal.read_seq) };
    case "room_head":
      return { ...state, rooms: withHead(state.rooms, signal, now) };
    case "room_added":
      return { ...state, rooms: withRoom(state.rooms, signal.room) };
    case "room_removed":
      return gone(
        { ...state, rooms: withoutRoom(state.rooms, signal.room_id) },
        signal.room_id,
        signal.reason,
      );
    case "muted": {
      const mute = signal.is_muted ? { until: signal.until } : null;
      return withConversation(state, signal.room_id, (known) => ({ ...known, mute }));
    }
  }
}

function gone(state: State, roomId: string, reason: string): State {
  return withConversation(state, roomId, (conversation) => ({
    ...conversation,
    gone: reason,
    typing: {},
  }));
}
