/**
 * Pictures of what was seen, for a page that opens without a server or before it answers.
 *
 * A picture is shown and never grown: live events are not put into it, since nobody knows what lies
 * between. The newest page of history takes its place as a whole, with whatever was edited and
 * deleted meanwhile. Pages in the background see the same and leave the writing to the one in front.
 */

import type { LastingShelf } from "#shelf/lasting.ts";
import type { KeptRoom, Picture, Shelf } from "#shelf/shelf.ts";
import { type Context, updateAsNow } from "#state/context.ts";
import { type Conversation, type State, withConversation } from "#state/model.ts";
import type { Rooms } from "#state/roomlist.ts";

/** Changes of so long are written at once. A crash loses no more than a reader can read again. */
const KEEP_AFTER_MS = 2_000;

export class Pictures {
  readonly #context: Context;
  readonly #shelf: LastingShelf;
  readonly #stop: () => void;
  #keptRooms: Rooms;
  readonly #kept = new Map<string, Conversation>();
  #cancelTimer: (() => void) | null = null;
  /** The disk has room for messages to send, and for no more. */
  #isFull = false;

  constructor(context: Context, shelf: LastingShelf) {
    this.#context = context;
    this.#shelf = shelf;
    this.#keptRooms = context.store.get().rooms;
    this.#stop = context.store.subscribe(() => this.#onChange());
  }

  /** Show a conversation as it was, unless something newer is there first. */
  async show(roomId: string): Promise<void> {
    const update = updateAsNow(this.#context);
    const picture = await this.#shelf.attempt((shelf) => shelf.picture(roomId), null);
    if (!picture) return;
    update((state) =>
      withConversation(state, roomId, (conversation) => withPicture(conversation, picture)),
    );
  }

  /** Write what has changed. */
  async keep(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    if (this.#isFull || !this.#context.isLookedAt()) return;
    const { rooms, conversations } = this.#context.store.get();
    const before = this.#keptRooms;
    this.#keptRooms = rooms;
    if (rooms !== before) {
      await this.#write((shelf) => shelf.keepRooms(changed(rooms, before), gone(rooms, before)));
    }
    for (const [id, conversation] of this.#unkept(conversations)) {
      this.#kept.set(id, conversation);
      const picture = pictureOf(conversation);
      if (picture) await this.#write((shelf) => shelf.keepPicture(picture));
    }
  }

  stop(): void {
    this.#stop();
    this.#cancelTimer?.();
  }

  #onChange(): void {
    if (this.#isFull || this.#cancelTimer !== null) return;
    const { rooms, conversations } = this.#context.store.get();
    if (rooms === this.#keptRooms && this.#unkept(conversations).length === 0) return;
    this.#cancelTimer = this.#context.setTimer(() => void this.keep(), KEEP_AFTER_MS);
  }

  /** Messages to send need the room more. */
  async #write(work: (shelf: Shelf) => Promise<void>): Promise<void> {
    const isKept = await this.#shelf.attempt((shelf) => work(shelf).then(() => true), false);
    if (isKept || this.#isFull) return;
    this.#isFull = true;
    await this.#shelf.attempt((shelf) => shelf.forgetPictures(), undefined);
  }

  #unkept(conversations: State["conversations"]): [string, Conversation][] {
    return Object.entries(conversations).filter(([id, now]) => {
      const kept = this.#kept.get(id);
      return (
        kept?.timeline !== now.timeline || kept.members !== now.members || kept.room !== now.room
      );
    });
  }
}

/** What a page has read by now is better than any picture of it. */
function withPicture(conversation: Conversation, picture: Picture): Conversation {
  const { loading, timeline, members } = conversation;
  if (loading.phase === "ready" || timeline.messages.length > 0) return conversation;
  const { messages } = picture;
  return {
    ...conversation,
    room: conversation.room ?? picture.room,
    members: members.length > 0 ? members : picture.members,
    timeline: { ...timeline, origin: messages, messages },
    isFromShelf: true,
  };
}

/** A picture of a picture would look newer than it is. */
function pictureOf({ room, timeline, members, loading, gone, isFromShelf }: Conversation) {
  if (!room || isFromShelf || gone !== null || loading.phase !== "ready") return null;
  return { room, members, messages: timeline.messages } satisfies Picture;
}

function changed(rooms: Rooms, before: Rooms): KeptRoom[] {
  return Object.values(rooms).filter((listed) => before[listed.room.id] !== listed);
}

function gone(rooms: Rooms, before: Rooms): string[] {
  return Object.keys(before).filter((id) => rooms[id] === undefined);
}
