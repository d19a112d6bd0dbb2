/** The list of my rooms, with what is unread in them. All functions are pure. */

import type { Unread } from "#api/messages.ts";
import type { RoomEvent, RoomPosition } from "#protocol/frames.ts";
import type { Listed } from "#state/model.ts";
import type { Message, Room } from "#wire/shapes.ts";

export type Rooms = Readonly<Record<string, Listed>>;

/**
 * List the rooms that the server named; what is known to be unread in them stays. `before` is the
 * list when the server was asked: rooms that came or went since did so after its answer.
 */
export function listing(known: Rooms, rooms: readonly Room[], before: Rooms): Rooms {
  const isGone = (id: string) => before[id] !== undefined && known[id] === undefined;
  const isNew = (id: string) => before[id] === undefined;
  const named = rooms
    .filter((room) => !isGone(room.id))
    .map((room) => [room.id, listed(known[room.id], room)]);
  const added = Object.entries(known).filter(([id]) => isNew(id));
  return { ...Object.fromEntries(added), ...Object.fromEntries(named) };
}

export function withRoom(rooms: Rooms, room: Room): Rooms {
  return { ...rooms, [room.id]: listed(rooms[room.id], room) };
}

export function withoutRoom(rooms: Rooms, roomId: string): Rooms {
  const { [roomId]: _, ...others } = rooms;
  return others;
}

/** Where rooms stand, as `ready` says: nothing that was heard before counts. */
export function withPositions(rooms: Rooms, positions: readonly RoomPosition[]): Rooms {
  return withStandings(rooms, positions);
}

/** Where rooms stand, as `/v1/me/unread` says; what was heard of a room since counts more. */
export function withUnread(rooms: Rooms, unread: readonly Unread[]): Rooms {
  const news = unread.filter(({ room_id, head_seq }) => head_seq >= (rooms[room_id]?.head ?? 0));
  return withStandings(rooms, news);
}

/** `room_head`: how a room stands that is not heard. */
export function withHead(rooms: Rooms, head: Standing): Rooms {
  return withStandings(rooms, [head]);
}

/** The room is known to go at least so far. */
export function withLeastHead(rooms: Rooms, roomId: string, head: number): Rooms {
  const room = rooms[roomId];
  return room && room.head < head ? change(rooms, roomId, { head }) : rooms;
}

/**
 * An event of a room. Others' messages are unread until they are read; those up to the head
 * that the server has told are in its count already, and come again when they are replayed.
 */
export function withEvent(rooms: Rooms, event: RoomEvent, me: string): Rooms {
  const room = rooms[event.room_id];
  if (!room) return rooms;
  const message = event.seq > room.head ? messageIn(event) : null;
  const isUnread = message !== null && message.author.id !== me;
  const isMention = isUnread && message.mentions.includes(me);
  const titles =
    event.change.type === "room_updated"
      ? { room: { ...room.room, title: event.change.title, topic: event.change.topic } }
      : {};
  return change(rooms, event.room_id, {
    head: Math.max(room.head, event.seq),
    unread: room.unread + Number(isUnread),
    mentions: room.mentions + Number(isMention),
    ...titles,
  });
}

/** The room was read up to `seq`, here or on another device. It never goes back. */
export function withRead(rooms: Rooms, roomId: string, seq: number): Rooms {
  const room = rooms[roomId];
  if (!room || seq <= room.read) return rooms;
  const isAll = seq >= room.head;
  return change(rooms, roomId, { read: seq, ...(isAll ? { unread: 0, mentions: 0 } : {}) });
}

/** By title; a list that jumps about under the pointer is worse than one that is not sorted. */
export function inOrder(rooms: Rooms, me: string): Listed[] {
  return Object.values(rooms).sort((a, b) =>
    titleOf(a.room, me).localeCompare(titleOf(b.room, me)),
  );
}

/** What a room is called; a direct one by the others in it. */
export function titleOf({ title, people }: Room, me: string): string {
  if (title !== "") return title;
  const others = people.filter(({ id }) => id !== me).map(({ name }) => name);
  return others.join(", ") || "Direct messages";
}

export function unreadIn(rooms: Rooms): number {
  return Object.values(rooms).reduce((sum, { unread }) => sum + unread, 0);
}

function listed(known: Listed | undefined, room: Room): Listed {
  const start = { unread: 0, mentions: 0, head: 0, read: 0 };
  return { ...start, ...known, room };
}

/** What the server counts; it may not know yet how far the reader has come. */
interface Standing {
  readonly room_id: string;
  readonly head_seq: number;
  readonly unread: number;
  readonly mentions: number;
  readonly read_seq?: number;
}

function withStandings(rooms: Rooms, standings: readonly Standing[]): Rooms {
  const known = standings.flatMap((standing) => {
    const room = rooms[standing.room_id];
    return room ? [[standing.room_id, placed(room, standing)]] : [];
  });
  return { ...rooms, ...Object.fromEntries(known) };
}

function messageIn({ change }: RoomEvent): Message | null {
  return change.type === "message" ? change.message : null;
}

function placed(room: Listed, { head_seq, unread, mentions, read_seq = 0 }: Standing): Listed {
  const read = Math.max(room.read, read_seq);
  const left = read >= head_seq ? { unread: 0, mentions: 0 } : { unread, mentions };
  return { ...room, ...left, head: head_seq, read };
}

function change(rooms: Rooms, roomId: string, what: Partial<Listed>): Rooms {
  const room = rooms[roomId];
  return room ? { ...rooms, [roomId]: { ...room, ...what } } : rooms;
}
