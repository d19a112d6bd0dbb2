/** What happens to a link, and what it wants done. */

import type { Commands, CommandType, SaidFrame } from "#protocol/frames.ts";
import type { Notice } from "#protocol/notices.ts";
import type { Shared, Written } from "#protocol/outbox.ts";
import type { Reach, Way } from "#protocol/ways.ts";

/** What happens to the connection. */
export type Happening =
  /** Connect and stay connected. */
  | { readonly is: "start" }
  /** Say goodbye for good. */
  | { readonly is: "stop" }
  /** Something happened that makes trying worth while: the network is back, somebody looks. */
  | { readonly is: "wake" }
  /** The machine says that it has no network. */
  | { readonly is: "offline" }
  /** The clock reached `deadline`. */
  | { readonly is: "tick" }
  /** Answers to `fetch_token`; `expiresAt` in ms on our own clock. */
  | { readonly is: "token"; readonly token: string; readonly expiresAt: number }
  | { readonly is: "token_refused" }
  | { readonly is: "token_unavailable" }
  /** What the socket says, or what speaks polls in its place. */
  | { readonly is: "received"; readonly text: string }
  | { readonly is: "closed"; readonly code: number; readonly reason: string }
  /** The answer to `check`. */
  | { readonly is: "checked"; readonly reach: Reach }
  /** The answer to `probe`: the server spoke on the socket, or it was closed before. */
  | { readonly is: "probed"; readonly isThrough: boolean };

/** A command whose answer comes back as a notice with the same tag. */
export type Order = {
  [T in CommandType]: { readonly type: T; readonly data: Commands[T] };
}[CommandType];

/** What the application wants; all of it may be said at any time. */
export type Wish =
  /** `attach`: a page shows the room. It wants to know who is there, and who types. */
  | { readonly is: "attach" | "detach"; readonly room_id: string }
  /** Hear these rooms even when no page shows them; the first matter most. */
  | { readonly is: "follow"; readonly room_ids: readonly string[] }
  /** A message that only this page has. */
  | ({ readonly is: "send" } & Written)
  /** All messages that the pages of this browser share, in the order in which they were written. */
  | { readonly is: "share"; readonly items: readonly Shared[] }
  /** Whether this page is the one that sends what is shared. */
  | { readonly is: "carry"; readonly isCarrier: boolean }
  /** `forget`: it was seen in the room's history, or its author gave it up. */
  | { readonly is: "resend" | "forget"; readonly client_msg_id: string }
  | { readonly is: "typing"; readonly room_id: string; readonly is_typing: boolean }
  | { readonly is: "read"; readonly room_id: string; readonly seq: number }
  /** Read some time before, or on another page: the server hears it if it does not know. */
  | { readonly is: "recall"; readonly room_id: string; readonly seq: number }
  | { readonly is: "order"; readonly tag: number; readonly order: Order };

export type Input = Happening | Wish;

export type Effect =
  | { readonly do: "open"; readonly way: Way }
  /** Ask over HTTP whether the server is there, while sockets fail. */
  | { readonly do: "check" }
  /** See whether a socket gets through, beside the connection that lives. */
  | { readonly do: "probe" }
  | { readonly do: "write"; readonly frame: SaidFrame }
  /** Close the socket and hear no more of it. */
  | { readonly do: "close"; readonly code: number }
  /** Get an access token: a fresh one if the one in use will not do. */
  | { readonly do: "fetch_token"; readonly fresh: boolean }
  | { readonly do: "tell"; readonly notice: Notice };
