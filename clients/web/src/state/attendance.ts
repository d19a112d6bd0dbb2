/** What the reader wants to be seen as, and how the people of direct rooms are. */

import { problemIn } from "#api/http.ts";
import type { Seen } from "#api/people.ts";
import type { ChosenState } from "#protocol/frames.ts";
import { type Context, complain, updateAsNow } from "#state/context.ts";
import { readerOf } from "#state/hearing.ts";
import type { State } from "#state/model.ts";
import { heardPresence } from "#state/presence.ts";

/** The server answers for so many people at once; who comes after them has no dot until they move. */
const MOST_ASKED = 100;

export class Attendance {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Be seen so on every device. The choice shows at once, and is taken back if it was refused. */
  async choose(chosen: ChosenState, statusText: string): Promise<boolean> {
    const { client, store } = this.#context;
    const before = store.get().chosen;
    const update = updateAsNow(this.#context);
    update((state) => ({ ...state, chosen }));
    const words = statusText === "" ? {} : { status_text: statusText };
    const answer = await client?.ask({ type: "set_presence", data: { state: chosen, ...words } });
    if (answer?.ok) {
      update((state) => ({ ...state, statusText }));
      return true;
    }
    update((state) => ({ ...state, chosen: before }));
    if (answer) complain(this.#context, answer.problem.message);
    return false;
  }

  /** Read how the people of direct rooms are: nobody tells before they change. */
  async refresh(): Promise<void> {
    const { people, store, isGuest } = this.#context;
    const state = store.get();
    const me = readerOf(state);
    if (me === "" || isGuest) return;
    const others = partnersIn(state).filter((id) => id !== me);
    const update = updateAsNow(this.#context);
    try {
      const seen = await people.presence([me, ...others].slice(0, MOST_ASKED));
      update((now) => seen.reduce(withSeen, now));
    } catch (error) {
      problemIn(error); // Dots are no reason to complain; they come with the next change.
    }
  }
}

/** An answer tells no `rev`: whatever was heard of somebody meanwhile is newer. */
function withSeen(state: State, { state: shown, ...seen }: Seen): State {
  return shown === "unknown" ? state : heardPresence(state, { ...seen, state: shown, rev: 0 });
}

function partnersIn({ rooms }: State): readonly string[] {
  const direct = Object.values(rooms).flatMap(({ room }) => room.people.map(({ id }) => id));
  return [...new Set(direct)];
}
