/**
 * A guest's visit to one room, from its link to its end.
 *
 *     asking --> outside --alias--> inside --left, removed, closed--> over
 *       |  \------- known here: ------^                                 |
 *       |  ^                                                            |
 *       |  \----------------------- once more --------------------------/
 *       \--not known, not reached--> failed
 *
 * Whether a room is open is told by its times and the server's clock, so nobody has to ask at the
 * moment when it opens, which would be everybody at once.
 */

import { type Door, readDoorOf } from "#api/door.ts";
import { type Guest, GuestSession, type Pocket } from "#api/guest.ts";
import { problemIn } from "#api/http.ts";
import { App } from "#state/app.ts";
import type { Outside } from "#state/context.ts";
import { READY } from "#state/model.ts";
import { withRoom } from "#state/roomlist.ts";
import { Store } from "#state/store.ts";
import type { Problem } from "#wire/problem.ts";

export type Visit =
  | { readonly phase: "asking" }
  | { readonly phase: "failed"; readonly problem: Problem }
  | {
      readonly phase: "outside";
      readonly door: Door;
      /** Of a guest whom this browser knows, and who may go on. */
      readonly alias: string | null;
      /** What who was in before, on this page, was called; empty for nobody. */
      readonly lately: string;
    }
  | { readonly phase: "inside"; readonly door: Door; readonly guest: Guest }
  /** `why`: the server's word for it, or `closed`, or `ended` where it said none. */
  | {
      readonly phase: "over";
      readonly door: Door;
      readonly guest: Guest;
      readonly why: string;
    };

/** Who is at the door is told so often whether the facilitator has changed the times, or the lock. */
const LOOK_AGAIN_MS = 30_000;

export class GuestVisit {
  readonly store = new Store<Visit>({ phase: "asking" });
  /** What the room is shown with, once the guest is in. */
  readonly app: App;
  readonly #outside: Outside;
  readonly #session: GuestSession;
  readonly #slug: string;
  #lately = "";
  /** How far the server's clock is ahead of this one, in ms. */
  #aheadMs = 0;
  #stopWaiting: () => void = () => {};
  #stopWatching: () => void = () => {};

  constructor(outside: Outside, pocket: Pocket, slug: string) {
    this.#outside = outside;
    this.#slug = slug;
    this.#session = new GuestSession({ ...outside.edges, pocket }, slug);
    this.app = new App(outside.asGuest(this.#session), () => void this.#onSignedOut());
  }

  /** What the server's clock says now, in ms. */
  readonly now = (): number => this.#outside.now() + this.#aheadMs;

  /** See what is behind the link; a guest who only loads the page again is in at once. */
  async begin(): Promise<void> {
    this.store.update(() => ({ phase: "asking" }));
    try {
      const door = await this.#look();
      const guest = this.#session.isOwn ? await this.#session.restore() : null;
      if (guest) await this.#enter(door, guest);
      else this.#stand(door);
    } catch (error) {
      const problem = problemIn(error);
      this.store.update(() => ({ phase: "failed", problem }));
    }
  }

  /** The page is looked at again, or has a network: what it says may be from another time. */
  wake(): void {
    const visit = this.store.get();
    if (visit.phase === "failed" && visit.problem.code !== "not_found") void this.begin();
    if (visit.phase === "outside") void this.#lookAgain();
  }

  /** Come in; return why not, or null. */
  enter(alias: string, password: string): Promise<Problem | null> {
    return this.#attempt(() => this.#session.enter(alias, password));
  }

  /** Go on as the guest whom this browser knows; return why not, or null. */
  goOn(): Promise<Problem | null> {
    return this.#attempt(() => this.#session.restore());
  }

  /** Let the browser forget the guest whom it knows: somebody else is before it. */
  forget(): void {
    this.#session.forget();
    this.store.update((visit) => (visit.phase === "outside" ? { ...visit, alias: null } : visit));
  }

  /** Go, and let others have the alias.  Raises: Refused. */
  async leave(): Promise<void> {
    await this.#session.leave();
    await this.#end("left");
  }

  /** The page is shown no more. */
  stop(): void {
    this.#stopWaiting();
    this.#stopWatching();
    void this.app.account.dismiss();
  }

  async #attempt(come: () => Promise<Guest | null>): Promise<Problem | null> {
    const visit = this.store.get();
    if (visit.phase !== "outside") return null;
    try {
      const guest = await come();
      if (guest) await this.#enter(visit.door, guest);
      else this.forget();
      return null;
    } catch (error) {
      return problemIn(error);
    }
  }

  async #look(): Promise<Door> {
    const asked = this.#outside.now();
    const door = await readDoorOf(this.#outside.ask, this.#slug);
    const halfway = (asked + this.#outside.now()) / 2;
    this.#aheadMs = Date.parse(door.serverTime) - halfway;
    return door;
  }

  #stand(door: Door): void {
    const alias = this.#session.kept?.alias ?? null;
    this.store.update(() => ({ phase: "outside", door, alias, lately: this.#lately }));
    this.#stopWaiting();
    this.#stopWaiting = this.#outside.setTimer(() => void this.#lookAgain(), LOOK_AGAIN_MS);
  }

  /** Whoever is at the door stays there while the server cannot be asked. */
  async #lookAgain(): Promise<void> {
    const visit = this.store.get();
    if (visit.phase !== "outside") return;
    try {
      const door = await this.#look();
      if (this.store.get().phase === "outside") this.#stand(door);
    } catch (error) {
      const problem = problemIn(error);
      if (this.store.get().phase !== "outside") return;
      if (problem.code === "not_found") this.store.update(() => ({ phase: "failed", problem }));
      else this.#stand(visit.door);
    }
  }

  async #enter(door: Door, { person, room }: Guest): Promise<void> {
    this.#stopWaiting();
    this.#lately = person.name;
    await this.app.account.admit({ id: person.id, name: person.name, email: null });
    this.app.store.update((state) => ({
      ...state,
      roomsLoading: READY,
      rooms: withRoom({}, room),
    }));
    this.store.update(() => ({ phase: "inside", door, guest: { person, room } }));
    this.#stopWatching = this.app.store.subscribe(() => this.#onChange(room.id));
  }

  /** The server says in the room that it is over, before it closes the connection. */
  #onChange(roomId: string): void {
    const conversation = this.app.store.get().conversations[roomId];
    if (conversation?.room?.state === "closed") void this.#end("closed");
    else if (conversation?.gone) void this.#end(conversation.gone);
  }

  /** Without a word; the door may know more. */
  async #onSignedOut(): Promise<void> {
    const door = await this.#look().catch(() => null);
    await this.#end(door?.state === "closed" ? "closed" : "ended");
  }

  /** What was said stays on the page until that is closed. */
  async #end(why: string): Promise<void> {
    const visit = this.store.get();
    if (visit.phase !== "inside") return;
    this.#stopWatching();
    this.store.update(() => ({ ...visit, phase: "over", why }));
    this.#session.forget();
    await this.app.account.dismiss();
  }
}

/** How the room stands at a moment of the server's clock, whatever it was when somebody looked. */
export function stateAt({ state, opensAt, closesAt }: Door, nowMs: number): Door["state"] {
  const isPast = (time: string | null) => time !== null && Date.parse(time) <= nowMs;
  if (isPast(closesAt)) return "closed";
  return state === "scheduled" && isPast(opensAt) ? "open" : state;
}
