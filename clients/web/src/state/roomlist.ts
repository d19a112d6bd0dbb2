/** The list of my rooms, with what is unread in them. All functions are pure. */

import type { Unread } from "#api/messages.ts";
import type { RoomEvent, RoomPosition } from "#protocol/frames.ts";
import type { Listed } from "#state/model.ts";
import type { Room } from "#wire/shapes.ts";

export type Rooms = Readonly<Record<string, Listed>>;

/** List exactly these rooms; what is known to be unread in them stays. */
export function listing(known: Rooms, rooms: readonly Room[]): Rooms {
  return Object.fromEntries(rooms.map((room) => [room.id, listed(known[room.id], room)]));
}

export function withRoom(rooms: Rooms, room: Room): Rooms {
  return { ...rooms, [room.id]: listed(rooms[room.id], room) };
}

export function withoutRoom(rooms: Rooms, roomId: string): Rooms {
  const { [roomId]: _, ...others } = rooms;
  return others;
}

/** Where rooms stand: the snapshot of `ready`, or `/v1/me/unread`. */
export function withPositions(rooms: Rooms, positions: readonly (RoomPosition | Unread)[]): Rooms {
  const known = positions.flatMap((position) => {
    const room = rooms[position.room_id];
    return room ? [[position.room_id, placed(room, position)]] : [];
  });
  return { ...rooms, ...Object.fromEntries(known) };
}

/** `room_head`: how a room stands that is not open. */
export function withHead(rooms: Rooms, head: Standing & { readonly room_id: string }): Rooms {
  const room = rooms[head.room_id];
  return room ? { ...rooms, [head.room_id]: placed(room, head) } : rooms;
}

/**
 * An event of an open room. Others' messages are unread until they are read; those up to the head
 * that the server has told are in its count already, and come again when they are replayed.
 */
export function withEvent(rooms: Rooms, event: RoomEvent, me: string): Rooms {
  const room = rooms[event.room_id];
  if (!room) return rooms;
  const isTheirs = event.change.type === "message" && event.change.message.author.id !== me;
  const isUnread = isTheirs && event.seq > room.head;
  const titles =
    event.change.type === "room_updated"
      ? { room: { ...room.room, title: event.change.title, topic: event.change.topic } }
      : {};
  return change(rooms, event.room_id, {
    head: Math.max(room.head, event.seq),
    unread: room.unread + (isUnread ? 1 : 0),
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
export function inOrder(rooms: Rooms): Listed[] {
  return Object.values(rooms).sort((a, b) => a.room.title.localeCompare(b.room.title));
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
  readonly head_seq: number;
  readonly unread: number;
  readonly mentions: number;
  readonly read_seq?: number;
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
