/** What a person does in a room. */

import { problemIn } from "#api/http.ts";
import type { Order } from "#protocol/inputs.ts";
import { type Context, complain, updateAsNow } from "#state/context.ts";
import type { History } from "#state/history.ts";
import {
  type Conversation,
  EMPTY_CONVERSATION,
  isCut,
  LOADING,
  type Place,
  READY,
  unseenUpTo,
  withConversation,
  withoutConversation,
} from "#state/model.ts";
import { withRead } from "#state/roomlist.ts";
import { trimmed } from "#state/windows.ts";
import type { Message, Room } from "#wire/shapes.ts";

/** How a room stands of which that is not known. */
const NOWHERE = { head: 0, read: 0 };

type Change = (conversation: Conversation) => Conversation;

export class Conversations {
  readonly #context: Context;
  readonly #history: History;
  /** How often each room was asked for. */
  readonly #looks = new Map<string, number>();

  constructor(context: Context, history: History) {
    this.#context = context;
    this.#history = history;
  }

  /** Show a room: hear it live, and read what is not known of it yet. */
  open(roomId: string): void {
    const { store, client, keeping } = this.#context;
    const { conversations, rooms } = store.get();
    if (!conversations[roomId]) {
      this.#add(roomId);
      keeping?.showPicture(roomId);
    }
    const { head, read } = rooms[roomId] ?? NOWHERE;
    const unseen = head > 0 && read > 0 ? unseenUpTo(head, read) : undefined;
    this.#changer(roomId)((room) => ({ ...room, isShown: true, unseen }));
    client?.wish({ is: "attach", room_id: roomId });
    if (isCut(store.get().status)) this.fill(roomId);
    void this.look(roomId);
    void this.loadMembers(roomId);
  }

  /** The room is not shown any more. What is known of it is kept for the way back. */
  close(roomId: string): void {
    this.#changer(roomId)((room) => ({ ...room, isShown: false }));
    this.#context.client?.wish({ is: "detach", room_id: roomId });
  }

  /** Read the history if that has not been done, nor is under way. */
  fill(roomId: string): void {
    const known = this.#context.store.get().conversations[roomId];
    if (!known?.isShown || known.loading.phase === "ready") return;
    if (!this.#history.isLoading(roomId)) void this.#history.load(roomId);
  }

  /** Read again what has a hole; what nobody looks at is read when somebody does. */
  reload(roomId: string): void {
    const { store } = this.#context;
    const known = store.get().conversations[roomId];
    if (!known?.isShown) return store.update((state) => withoutConversation(state, roomId));
    const { messages, newer } = known.timeline;
    const middle = messages[Math.floor(messages.length / 2)];
    if (newer !== null && middle) void this.#history.loadAround(roomId, middle.seq);
    else void this.#history.load(roomId);
    void this.look(roomId);
  }

  /** The room is live, perhaps again: a mute may have been taken back while nobody listened. */
  onJoined(roomId: string): void {
    this.fill(roomId);
    if (this.#context.store.get().conversations[roomId]?.mute) void this.look(roomId);
  }

  /** Let go of old messages while the reader is at the end. */
  trim(roomId: string): void {
    this.#changer(roomId)((room) => {
      const timeline = trimmed(room.timeline);
      return timeline === room.timeline ? room : { ...room, timeline };
    });
  }

  /** Try again what could not be read. */
  retry(roomId: string): void {
    this.#changer(roomId)((room) => ({ ...room, loading: LOADING, gone: null }));
    this.#context.client?.wish({ is: "attach", room_id: roomId });
    void this.#history.load(roomId);
    void this.look(roomId);
  }

  /** Keep where the reader is, for the way back; null for the end. */
  keepPlace(roomId: string, place: Place | null): void {
    this.#changer(roomId)((room) => ({ ...room, place }));
    if (place === null) this.trim(roomId);
  }

  /** Let the draft of a room answer a message, or none. */
  answer(roomId: string, message: Message | null): void {
    this.#context.store.update((state) => {
      const { [roomId]: _, ...others } = state.answers;
      return { ...state, answers: message ? { ...others, [roomId]: message } : others };
    });
  }

  /** Send a message in place of the room's draft; `replyTo` is the id of the one that it answers. */
  send(roomId: string, content: string, replyTo: string | null): void {
    const written = { client_msg_id: this.#context.newId(), written_at: this.#context.now() };
    this.#context.keeping?.send({ ...written, room_id: roomId, content, reply_to: replyTo });
  }

  resend(clientMsgId: string): void {
    this.#context.keeping?.resend(clientMsgId);
  }

  /** Give up a message that could not be sent. */
  discard(clientMsgId: string): void {
    this.#context.client?.wish({ is: "forget", client_msg_id: clientMsgId });
  }

  /** Return whether the edit was taken; if not, the person has been told why. */
  edit(roomId: string, message: Message, content: string): Promise<boolean> {
    const data = { room_id: roomId, message_id: message.id, content, expected_rev: message.rev };
    return this.#order({ type: "edit_message", data });
  }

  delete(roomId: string, messageId: string): Promise<boolean> {
    const data = { room_id: roomId, message_id: messageId };
    return this.#order({ type: "delete_message", data });
  }

  /** Add the reader's reaction, or take it back. */
  react(roomId: string, message: Message, emoji: string): Promise<boolean> {
    const isMine = message.reactions.some((known) => known.emoji === emoji && known.mine);
    const data = { room_id: roomId, message_id: message.id, emoji };
    return this.#order({ type: isMine ? "remove_reaction" : "add_reaction", data });
  }

  /** Keep what is written but not sent, for when the room is shown again. */
  draft(roomId: string, text: string): void {
    this.#context.keeping?.draft(roomId, text);
  }

  type(roomId: string, isTyping: boolean): void {
    this.#context.client?.wish({ is: "typing", room_id: roomId, is_typing: isTyping });
  }

  /** The reader has seen everything that has come so far. */
  read(roomId: string): void {
    const listed = this.#context.store.get().rooms[roomId];
    if (!listed || listed.read >= listed.head) return;
    const seq = listed.head;
    this.#context.store.update((state) => ({
      ...state,
      rooms: withRead(state.rooms, roomId, seq),
    }));
    this.#context.client?.wish({ is: "read", room_id: roomId, seq });
    this.#context.keeping?.read({ room_id: roomId, seq });
  }

  /** The reader knows enough of what is new. */
  markRead(roomId: string): void {
    this.read(roomId);
    this.#changer(roomId)((room) => ({ ...room, unseen: null }));
  }

  async loadMembers(roomId: string): Promise<void> {
    const change = this.#changer(roomId);
    try {
      const members = await this.#context.rooms.members(roomId);
      change((room) => ({ ...room, members, membersLoading: READY }));
    } catch (error) {
      const problem = problemIn(error);
      change((room) => ({ ...room, membersLoading: { phase: "failed", problem } }));
    }
  }

  /** Ask what the room is and whether the reader is muted; the last question is what counts. */
  async look(roomId: string): Promise<void> {
    const change = this.#changer(roomId);
    const turn = (this.#looks.get(roomId) ?? 0) + 1;
    this.#looks.set(roomId, turn);
    try {
      const seen = await this.#context.rooms.look(roomId);
      if (turn === this.#looks.get(roomId))
        change((conversation) => ({ ...conversation, ...seen }));
    } catch (error) {
      const problem = problemIn(error);
      if (problem.code !== "not_found") return;
      change((room) => ({ ...room, loading: { phase: "failed", problem } }));
    }
  }

  async #order(order: Order): Promise<boolean> {
    const answer = await this.#context.client?.ask(order);
    if (answer && !answer.ok) complain(this.#context, answer.problem.message);
    return answer?.ok ?? false;
  }

  #add(roomId: string): void {
    const room: Room | null = this.#context.store.get().rooms[roomId]?.room ?? null;
    this.#context.store.update((state) => ({
      ...state,
      conversations: { ...state.conversations, [roomId]: { ...EMPTY_CONVERSATION, room } },
    }));
  }

  /** Return how to change a room once something has come that was asked for now. */
  #changer(roomId: string): (change: Change) => void {
    const update = updateAsNow(this.#context);
    return (change) => update((state) => withConversation(state, roomId, change));
  }
}
