/**
 * Who is using this page: logging in and out, and what begins and ends with it.
 *
 *     restoring --known here, or the cookie's--> in --log-out, session ended--> out
 *        |  \--nobody--> out --log-in, here or on another page--> in
 *        \--no server, nobody known--> unreachable
 *
 * Whoever is known on this browser is in at once, with what was kept of them; the server is asked
 * as soon as there is one, and shows out whose session has ended meanwhile.
 */

import { problemIn } from "#api/http.ts";
import type {
  Challenge,
  PasskeyAnswer,
  PasskeyQuestion,
  Registration,
  SecondProof,
  User,
} from "#api/session.ts";
import type { Notice } from "#protocol/notices.ts";
import { NotKept } from "#shelf/shelf.ts";
import { type Context, complain } from "#state/context.ts";
import { Keeping, openShelf, withKept } from "#state/keeping.ts";
import { emptyState } from "#state/model.ts";
import type { Problem } from "#wire/problem.ts";
import type { Person } from "#wire/shapes.ts";

const ENDED =
  "Your session has ended: this device was logged out, the password was changed, or nobody was here for long. Please log in again.";

export class Account {
  readonly #context: Context;
  readonly #onNotice: (notice: Notice) => void;
  /** Counts who enters and leaves: what was begun for the one before is dropped. */
  #turn = 0;
  #isWatching = false;
  /** Who was in on this browser when it was last heard; undefined before that. */
  #last: User | null | undefined = undefined;

  /** `onNotice` hears everything that the session's client tells. */
  constructor(context: Context, onNotice: (notice: Notice) => void) {
    this.#context = context;
    this.#onNotice = onNotice;
  }

  /** Take up the session that this browser still has, if any. */
  async restore(): Promise<void> {
    const { session, store } = this.#context;
    // Asked beside the disk, so that neither waits for the other.
    const asked = session.restore();
    asked.catch(() => null); // Whoever is known goes on without, and the client asks again.
    try {
      const known = await this.#known();
      if (known) {
        session.resume(known);
        await this.#enter(known);
      } else {
        const user = await asked;
        if (user) await this.#welcome(user);
        else store.update(() => emptyState({ phase: "out", notice: null }));
      }
    } catch (error) {
      problemIn(error); // Raises again what is a bug of ours.
      store.update(() => emptyState({ phase: "unreachable" }));
    }
    await this.#watch();
  }

  /** Return why not, or null; or what else has to be shown. */
  async logIn(email: string, password: string): Promise<Problem | Challenge | null> {
    return this.#attempt(() => this.#context.session.logIn(email, password));
  }

  /** Show a second factor; return why not, or null. */
  async answer(challenge: Challenge, proof: SecondProof): Promise<Problem | Challenge | null> {
    return this.#attempt(() => this.#context.session.answer(challenge, proof));
  }

  /** Log in with a passkey alone; return why not, or null. */
  async logInByPasskey(answer: PasskeyAnswer): Promise<Problem | Challenge | null> {
    return this.#attempt(() => this.#context.session.logInByPasskey(answer));
  }

  /** Return what the browser is to ask a passkey.  Raises: Refused. */
  passkeyQuestion(challenge: Challenge | null): Promise<PasskeyQuestion> {
    return this.#context.session.passkeyQuestion(challenge);
  }

  /** Return why not, or null; or that a mail has to be answered first. */
  async register(registration: Registration): Promise<Problem | "mail_sent" | null> {
    try {
      const user = await this.#context.session.register(registration);
      if (!user) return "mail_sent";
      await this.#welcome(user);
      return null;
    } catch (error) {
      return problemIn(error);
    }
  }

  /** End the session, here and on the server; messages that are not sent are lost. */
  async logOut(): Promise<void> {
    try {
      await this.#context.session.logOut();
      await this.#exit("all", null);
    } catch (error) {
      complain(this.#context, `You are still logged in. ${problemIn(error).message}`);
    }
  }

  /** The person is called otherwise now, or has another address. */
  async become(user: User): Promise<void> {
    this.#context.store.update((state) =>
      state.account.phase === "in" ? { ...state, account: { phase: "in", user } } : state,
    );
    await this.#remember(user);
  }

  /** The session was ended on purpose, everywhere: nothing stays here. */
  async leave(notice: string): Promise<void> {
    this.#context.session.forget();
    await this.#exit("all", notice);
  }

  /** Show the page of a guest, who has come in by a door of their own. */
  admit(guest: User): Promise<void> {
    return this.#enter(guest);
  }

  /** Hear nothing more, and leave on the page what was said. */
  dismiss(): Promise<void> {
    return this.#close("nothing");
  }

  /** The server says how the person is called by now. */
  async onReady({ name }: Person): Promise<void> {
    const { account } = this.#context.store.get();
    if (account.phase !== "in" || account.user.name === name) return;
    await this.become({ ...account.user, name });
  }

  /** The server ended the session; or the cookie is somebody else's by now. */
  async end(): Promise<void> {
    const { session } = this.#context;
    const { other } = session;
    session.forget();
    await this.#exit("seen", ENDED);
    if (other) await this.restore();
  }

  async #attempt(enter: () => Promise<User | Challenge>): Promise<Problem | Challenge | null> {
    try {
      const outcome = await enter();
      if ("challenge" in outcome) return outcome;
      await this.#welcome(outcome);
      return null;
    } catch (error) {
      return problemIn(error);
    }
  }

  /** The server has said who it is: the other pages may know it too. */
  async #welcome(user: User): Promise<void> {
    await this.#enter(user);
    await this.#remember(user);
  }

  /** Show the page of somebody, with what is kept of them. */
  async #enter(user: User): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const opened = await openShelf(await this.#context.shelves, user);
    if (turn !== this.#turn) return opened.shelf.close();
    await this.#close("nothing");
    const { store } = this.#context;
    store.update(() => withKept(emptyState({ phase: "in", user }), opened.kept));
    const client = this.#context.makeClient(this.#onNotice);
    this.#context.client = client;
    this.#context.keeping = new Keeping(this.#context, client, user, opened);
    this.#context.keeping.start();
    client.happen({ is: "start" });
  }

  async #exit(forgetting: "nothing" | "seen" | "all", notice: string | null): Promise<void> {
    this.#turn += 1;
    const { account } = this.#context.store.get();
    this.#context.store.update(() => emptyState({ phase: "out", notice }));
    await this.#close(forgetting);
    if (account.phase === "in") await this.#forget(account.user);
  }

  async #close(forgetting: "nothing" | "seen" | "all"): Promise<void> {
    const { client, keeping } = this.#context;
    this.#context.client = null;
    this.#context.keeping = null;
    client?.happen({ is: "stop" });
    await keeping?.end(forgetting);
  }

  async #known(): Promise<User | null> {
    return (await this.#context.shelves).last().catch(nobody);
  }

  async #remember(user: User): Promise<void> {
    await (await this.#context.shelves).setLast(user).catch(nobody);
  }

  async #forget({ id }: User): Promise<void> {
    await (await this.#context.shelves).forgetLast(id).catch(nobody);
  }

  async #watch(): Promise<void> {
    if (this.#isWatching) return;
    this.#isWatching = true;
    (await this.#context.shelves).watchLast((user) => void this.#onLast(user));
  }

  /** Somebody has logged in or out, here or on another page: changes count, not how it is. */
  async #onLast(user: User | null): Promise<void> {
    const before = this.#last;
    this.#last = user;
    if (before === undefined || before?.id === user?.id) return;
    const { account } = this.#context.store.get();
    if (account.phase === "out" && user) return this.restore();
    if (account.phase !== "in" || account.user.id === user?.id) return;
    this.#context.session.forget();
    // Who logged out has taken everything along; of whom another pushed out, drafts are kept.
    await this.#close(user ? "seen" : "nothing");
    if (user) await this.restore();
    else await this.#exit("nothing", null);
  }
}

/** A browser that does not say who was here knows nobody. */
function nobody(error: unknown): null {
  if (error instanceof NotKept) return null;
  throw error;
}
