/** What stands in for sockets on networks that let none through. Few need it: it is loaded then. */

import { problemIn } from "#api/http.ts";
import { readAnswer } from "#polls/answer.ts";
import { LIGHT_POLL, type PollEdges, PolledSocket } from "#polls/socket.ts";
import type { Polls, Socket, SocketEar } from "#protocol/client.ts";
import type { Reach } from "#protocol/ways.ts";

export class PolledWay implements Polls {
  readonly #edges: PollEdges;

  constructor(edges: PollEdges) {
    this.#edges = edges;
  }

  /**
   * A browser does not say why a socket failed. So the server is asked for what would take the
   * socket's place, a poll: one that is answered means that this way is open, and that the server
   * would have taken the socket as well, since both are let in by the same rules.
   */
  async check(): Promise<Reach> {
    try {
      await this.#edges.call(LIGHT_POLL, readAnswer);
      return { is: "open" };
    } catch (error) {
      const { retry_after_ms } = problemIn(error);
      return retry_after_ms === null
        ? { is: "unknown" }
        : { is: "busy", retryAfterMs: retry_after_ms };
    }
  }

  open(ear: SocketEar): Socket {
    const socket = new PolledSocket(this.#edges, ear);
    void socket.run();
    return socket;
  }
}
