/** The list of my rooms, with what is unread in them. All functions are pure. */

import type { MyRoom } from "#api/messages.ts";
import type { Change, RoomEvent, RoomPosition } from "#protocol/frames.ts";
import type { ReadMark } from "#shelf/shelf.ts";
import type { Listed } from "#state/model.ts";
import type { Message, Room } from "#wire/shapes.ts";

export type Rooms = Readonly<Record<string, Listed>>;

/** A room of which nothing but itself is known. */
export const NEW = { unread: 0, mentions: 0, head: 0, read: 0, last: null, last_at: null } as const;

/**
 * List the rooms that the server named, as they stand; of a room of which more was heard since, that
 * counts. `before` is the list when the server was asked: a room that went since stays away.
 */
export function listing(known: Rooms, named: readonly MyRoom[], before: Rooms): Rooms {
  const isGone = (id: string) => before[id] !== undefined && known[id] === undefined;
  const there = named.filter(({ room_id }) => !isGone(room_id));
  return { ...known, ...Object.fromEntries(there.map((one) => [one.room_id, told(known, one)])) };
}

/** Keep what the server named, when it has named all; what came since it was asked stays too. */
export function only(known: Rooms, named: readonly MyRoom[], before: Rooms): Rooms {
  const ids = new Set(named.map(({ room_id }) => room_id));
  const isThere = (id: string) => ids.has(id) || before[id] === undefined;
  return Object.fromEntries(Object.entries(known).filter(([id]) => isThere(id)));
}

function told(known: Rooms, { room, last, last_at, ...standing }: MyRoom): Listed {
  const here = listed(known[room.id], room);
  return standing.head_seq < here.head ? here : { ...placed(here, standing), last, last_at };
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

/** `room_head`: how a room stands that is not heard, and so not what was said in it; `now` in ms. */
export function withHead(rooms: Rooms, head: Standing, now: number): Rooms {
  const isNews = head.head_seq > (rooms[head.room_id]?.head ?? 0);
  const news = isNews ? { last: null, last_at: new Date(now).toISOString() } : {};
  return change(withStandings(rooms, [head]), head.room_id, news);
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
  return change(rooms, event.room_id, {
    head: Math.max(room.head, event.seq),
    unread: room.unread + Number(isUnread),
    mentions: room.mentions + Number(isMention),
    ...lastAfter(room, event),
    room: withSetting(room.room, event.change),
  });
}

/** The room was read up to `seq`, here or on another device. It never goes back. */
export function withRead(rooms: Rooms, roomId: string, seq: number): Rooms {
  const room = rooms[roomId];
  if (!room || seq <= room.read) return rooms;
  const isAll = seq >= room.head;
  return change(rooms, roomId, { read: seq, ...(isAll ? { unread: 0, mentions: 0 } : {}) });
}

/** The rooms were read so far, as the browser kept it. */
export function withMarks(rooms: Rooms, marks: readonly ReadMark[]): Rooms {
  return marks.reduce((known, { room_id, seq }) => withRead(known, room_id, seq), rooms);
}

/** The most recently active first; a room that has only just come stands above all. */
export function inOrder(rooms: Rooms, me: string): Listed[] {
  return Object.values(rooms).sort(
    (a, b) =>
      (b.last_at ?? LATEST).localeCompare(a.last_at ?? LATEST) ||
      titleOf(a.room, me).localeCompare(titleOf(b.room, me)),
  );
}

/** After every time that was. */
const LATEST = "9999";

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
  return { ...NEW, ...known, room };
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

/** The last message of a room after an event, where that changes it. */
function lastAfter(room: Listed, { change, seq }: RoomEvent): Partial<Listed> {
  if (change.type === "message" && seq > room.head) {
    const { id, author, content, created_at } = change.message;
    return { last: { id, author, content }, last_at: created_at };
  }
  const { last } = room;
  if (change.type === "message_deleted" && last?.id === change.id) return { last: null };
  if (change.type === "message_edited" && last?.id === change.id) {
    return { last: { ...last, content: change.content } };
  }
  return {};
}

function withSetting(room: Room, change: Change): Room {
  if (change.type !== "room_updated") return room;
  const { type: _, ...setting } = change;
  return { ...room, ...setting };
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
