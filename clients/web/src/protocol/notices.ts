/** What the protocol tells the application, in the order in which it happened. */

import type { StopReason } from "#protocol/closes.ts";
import type { Limits, Ready, RoomEvent, RoomJoined, Signal } from "#protocol/frames.ts";
import type { Answer } from "#protocol/inflight.ts";
import type { Unsent } from "#protocol/outbox.ts";
import type { Way } from "#protocol/ways.ts";

/** How we stand with the server. Times are in ms on the clock that was passed in. */
export type Status =
  | { readonly kind: "idle" }
  | { readonly kind: "connecting" }
  /** `isBusy`: the server has said that it leaves out what can wait: typing, and who is there. */
  | { readonly kind: "connected"; readonly way: Way; readonly isBusy: boolean }
  | { readonly kind: "reconnecting"; readonly retryAt: number }
  /** Reconnecting goes on, but the machine says it has no network. */
  | { readonly kind: "offline" }
  /** Only `start` leads on from here. */
  | { readonly kind: "stopped"; readonly why: StopReason };

export type Notice =
  | { readonly type: "status"; readonly status: Status }
  /** What the server's clock says now, RFC 3339. */
  | { readonly type: "clock"; readonly server_time: string }
  | { readonly type: "ready"; readonly ready: Ready; readonly limits: Limits }
  /** The next event of an attached room: every seq once, in order. */
  | { readonly type: "event"; readonly event: RoomEvent }
  | { readonly type: "joined"; readonly joined: RoomJoined }
  /**
   * What was read of this room before now has a hole before the next event: read its history again.
   * `isGap`: events were missed of which nobody was told; otherwise the stream only begins here.
   */
  | { readonly type: "reload"; readonly room_id: string; readonly isGap: boolean }
  /** The room is no longer live and will not come back by itself. */
  | { readonly type: "detached"; readonly room_id: string; readonly reason: string }
  | { readonly type: "signal"; readonly signal: Signal }
  | { readonly type: "outbox"; readonly items: readonly Unsent[] }
  | { readonly type: "answered"; readonly tag: number; readonly answer: Answer }
  /** The session has ended: a person must log in again. */
  | { readonly type: "signed_out" };
