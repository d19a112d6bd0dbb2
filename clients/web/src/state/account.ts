/** Who is using this page: logging in and out, and what begins and ends with it. */

import { problemIn } from "#api/http.ts";
import type { Registration, User } from "#api/session.ts";
import type { Notice } from "#protocol/notices.ts";
import { type Context, complain } from "#state/context.ts";
import { emptyState } from "#state/model.ts";
import type { Problem } from "#wire/problem.ts";

const ENDED = "Your session has ended. Please log in again.";

export class Account {
  readonly #context: Context;
  readonly #onNotice: (notice: Notice) => void;

  /** `onNotice` hears everything that the session's client tells. */
  constructor(context: Context, onNotice: (notice: Notice) => void) {
    this.#context = context;
    this.#onNotice = onNotice;
  }

  /** Take up the session that this browser still has, if any. */
  async restore(): Promise<void> {
    try {
      const user = await this.#context.session.restore();
      if (user) this.#enter(user);
      else this.#context.store.update(() => emptyState({ phase: "out", notice: null }));
    } catch (error) {
      problemIn(error); // Raises again what is a bug of ours.
      this.#context.store.update(() => emptyState({ phase: "unreachable" }));
    }
  }

  /** Return why not, or null. */
  async logIn(email: string, password: string): Promise<Problem | null> {
    try {
      this.#enter(await this.#context.session.logIn(email, password));
      return null;
    } catch (error) {
      return problemIn(error);
    }
  }

  /** Return why not, or null; or that a mail has to be answered first. */
  async register(registration: Registration): Promise<Problem | "mail_sent" | null> {
    try {
      const user = await this.#context.session.register(registration);
      if (!user) return "mail_sent";
      this.#enter(user);
      return null;
    } catch (error) {
      return problemIn(error);
    }
  }

  /** End the session, here and on the server. */
  async logOut(): Promise<void> {
    try {
      await this.#context.session.logOut();
      this.#exit(null);
    } catch (error) {
      complain(this.#context, `You are still logged in. ${problemIn(error).message}`);
    }
  }

  /** The server ended the session. */
  end(): void {
    this.#context.session.forget();
    this.#exit(ENDED);
  }

  #enter(user: User): void {
    const { store } = this.#context;
    store.update(() => emptyState({ phase: "in", user }));
    this.#context.client = this.#context.makeClient(this.#onNotice);
    this.#context.client.happen({ is: "start" });
  }

  #exit(notice: string | null): void {
    this.#context.client?.happen({ is: "stop" });
    this.#context.client = null;
    this.#context.store.update(() => emptyState({ phase: "out", notice }));
  }
}
