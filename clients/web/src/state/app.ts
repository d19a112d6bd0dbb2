/** The application without its pages: wires the parts, and passes on what the protocol tells. */

import { type Call, callProven, type FileCall } from "#api/call.ts";
import type { Ready, RoomEvent, Signal } from "#protocol/frames.ts";
import type { Notice } from "#protocol/notices.ts";
import { Account } from "#state/account.ts";
import { Attendance } from "#state/attendance.ts";
import { Blocking } from "#state/blocking.ts";
import type { Context, Outside } from "#state/context.ts";
import { Conversations } from "#state/conversations.ts";
import { Faces } from "#state/faces.ts";
import { heard, readerOf, withoutStaleTyping } from "#state/hearing.ts";
import { History } from "#state/history.ts";
import { Lobby } from "#state/lobby.ts";
import { emptyState, isCut, type State } from "#state/model.ts";
import { Proof } from "#state/proof.ts";
import { Store } from "#state/store.ts";

export class App {
  readonly store: Store<State>;
  readonly account: Account;
  readonly lobby: Lobby;
  readonly attendance: Attendance;
  readonly blocking: Blocking;
  readonly conversations: Conversations;
  readonly history: History;
  readonly faces: Faces;
  readonly proof: Proof;
  /** Requests of the person who is logged in; they are asked for a proof where one is wanted. */
  readonly call: Call;
  /** The same without that: with these the proof is given. */
  readonly plainCall: Call;
  readonly fileCall: FileCall;
  /** Requests of anybody. */
  readonly ask: Call;
  /** The reader is a guest of one room. */
  readonly isGuest: boolean;
  readonly outside: Outside;
  readonly #context: Context;
  readonly #onSignedOut: () => void;

  /** `onSignedOut`: what comes of the session's end, if not the page for those who are out. */
  constructor(outside: Outside, onSignedOut?: () => void) {
    this.outside = outside;
    this.isGuest = outside.isGuest;

    this.store = new Store(emptyState({ phase: "restoring" }));
    this.#context = { ...outside, store: this.store, client: null, keeping: null };
    this.history = new History(this.#context);
    this.account = new Account(this.#context, (notice) => this.#hear(notice));
    this.lobby = new Lobby(this.#context);
    this.attendance = new Attendance(this.#context);
    this.blocking = new Blocking(this.#context);
    this.conversations = new Conversations(this.#context, this.history);
    this.faces = new Faces(this.#context);
    this.proof = new Proof(this.store);
    this.plainCall = outside.call;
    this.call = callProven(outside.call, (methods) => this.proof.ask(methods));
    this.fileCall = outside.fileCall;
    this.ask = outside.ask;
    this.#onSignedOut = onSignedOut ?? (() => void this.account.end());
  }

  /** Connect now: a person asks for it, or the network is back. */
  hurry(): void {
    const isStopped = this.store.get().status.kind === "stopped";
    this.#context.client?.happen({ is: isStopped ? "start" : "wake" });
  }

  /** The browser says something about the network or about being looked at. */
  sense(what: "wake" | "offline"): void {
    if (what === "wake") {
      this.#context.keeping?.onLook();
      void this.blocking.load();
    }
    this.#context.client?.happen({ is: what });
  }

  dismissComplaint(id: string): void {
    this.store.update((state) => ({
      ...state,
      complaints: state.complaints.filter((complaint) => complaint.id !== id),
    }));
  }

  #hear(notice: Notice): void {
    if (notice.type === "event") this.#onEvent(notice.event);
    this.store.update((state) => heard(state, notice, this.#context.now()));
    this.#context.keeping?.hear(notice);
    if (notice.type === "signed_out") this.#onSignedOut();
    if (notice.type === "reload") this.#onReload(notice.room_id, notice.isGap);
    if (notice.type === "joined") this.conversations.onJoined(notice.joined.room_id);
    if (notice.type === "ready") this.#onReady(notice.ready);
    if (notice.type === "status") this.#onStatus();
    if (notice.type === "signal") this.#onSignal(notice.signal);
  }

  /** The log does not say what has changed about somebody, who may be muted now, or no more. */
  #onEvent(event: RoomEvent): void {
    const { room_id, change } = event;
    this.history.hear(event);
    const isOfMember = change.type === "member_joined" || change.type === "member_updated";
    if (isOfMember && change.person.id === readerOf(this.store.get())) {
      void this.conversations.look(room_id);
    }
  }

  /** A new connection: the list may have changed meanwhile, and what failed may work now. */
  #onReady({ person }: Ready): void {
    void this.account.onReady(person);
    void this.lobby.load().then(() => this.attendance.refresh());
    void this.blocking.load();
    for (const [id, { loading }] of Object.entries(this.store.get().conversations)) {
      if (loading.phase === "failed" && loading.problem.retryable) this.conversations.fill(id);
    }
  }

  /** In a gap there may have been messages that nobody has counted. */
  #onReload(roomId: string, isGap: boolean): void {
    this.conversations.reload(roomId);
    if (isGap) void this.lobby.refresh();
  }

  #onSignal(signal: Signal): void {
    if (signal.type === "room_added") void this.lobby.enter(signal.room);
    if (signal.type === "typing") this.#forgetTyping(signal.room_id, signal.expires_in_ms);
  }

  /** Where sockets do not get through, requests may: do not let anybody wait for `ready`. */
  #onStatus(): void {
    const { status, roomsLoading, conversations } = this.store.get();
    if (!isCut(status)) return;
    if (roomsLoading.phase === "loading") void this.lobby.load();
    for (const id of Object.keys(conversations)) this.conversations.fill(id);
  }

  #forgetTyping(roomId: string, afterMs: number): void {
    this.#context.setTimer(
      () => this.store.update((state) => withoutStaleTyping(state, roomId, this.#context.now())),
      afterMs,
    );
  }
}
