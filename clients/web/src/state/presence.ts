/**
 * What is heard of people's presence, put into the state. All functions are pure.
 *
 * | told | counts |
 * |---|---|
 * | one person | wherever they are a member, if no higher `rev` of them was heard |
 * | everybody in a room | in that room, at once: who is not named is not there |
 * | `room_joined` | in that room, at once; it comes with every join, so nothing before it is waited for |
 *
 * Each can come before or after the others, since a `rev` is told with every state: nothing is held
 * back until a first snapshot has come.
 */

import type { Presence, RoomJoined } from "#protocol/frames.ts";
import { type State, withConversation } from "#state/model.ts";
import { fromJoined, fromSnapshot, isHere, withPresence } from "#state/roster.ts";

/** Frames about one person come from several places: the highest `rev` is the newest. */
export function heardPresence(state: State, presence: Presence): State {
  if (isOld(state, presence)) return state;
  const conversations = Object.fromEntries(
    Object.entries(state.conversations).map(([id, conversation]) => {
      const roster = withPresence(conversation.roster, presence);
      return [id, roster === conversation.roster ? conversation : { ...conversation, roster }];
    }),
  );
  const told = { ...state.presence, [presence.person_id]: presence };
  return withOwnWords({ ...state, conversations, presence: told }, [presence]);
}

/**
 * Everybody who is in a room, and so who is not in it any more. Of a very large one only the number:
 * `users` is empty then.
 */
export function heardSnapshot(
  state: State,
  roomId: string,
  users: readonly Presence[],
  count: number | null,
): State {
  const newest = users.map((told) => {
    const known = state.presence[told.person_id];
    return known && known.rev > told.rev ? known : told;
  });
  const roster = fromSnapshot(newest, count);
  const presence = { ...state.presence, ...byId(newest) };
  const told = withOwnWords({ ...state, presence }, newest);
  return withConversation(told, roomId, (conversation) => ({
    ...conversation,
    roster,
  }));
}

/**
 * `room_joined` says who is here now: in this room that counts more than what was heard before. Of
 * those who are not simply online it tells the state too, which is news as any other. Who hears a
 * room is in it, so the reader is here whether or not that is told already, unless they chose not to
 * be seen.
 */
export function withJoined(state: State, joined: RoomJoined, me: string): State {
  const online = new Set(joined.online);
  if (state.chosen !== "invisible") online.add(me);
  const roster = fromJoined(online, joined.online_count);
  const told = joined.states.reduce(heardPresence, state);
  return withConversation(told, joined.room_id, (conversation) => ({ ...conversation, roster }));
}

/** What the reader wrote beside their state, here or elsewhere. The invisible are not told it. */
function withOwnWords(state: State, people: readonly Presence[]): State {
  const { account } = state;
  const own = people.find((told) => account.phase === "in" && told.person_id === account.user.id);
  return own && isHere(own) ? { ...state, statusText: own.status_text ?? "" } : state;
}

function isOld(state: State, { person_id, rev }: Presence): boolean {
  const known = state.presence[person_id];
  return known !== undefined && known.rev >= rev;
}

function byId(people: readonly Presence[]): State["presence"] {
  return Object.fromEntries(people.map((told) => [told.person_id, told]));
}
