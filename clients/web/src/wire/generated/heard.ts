// Written by `make docs` from docs/schemas/chat.v1.heard.json: change the models instead.

/**
 * What a client hears: any of these frames, and more in a newer release, which it ignores. Written by `make docs` from the models in services/gateway/frames/heard.py and libs/common/contracts/frames.py.
 */
export type Heard =
  | Hello
  | Ready
  | RoomJoined
  | Resumed
  | RoomLeft
  | Ack
  | Events
  | Pong
  | ErrorFrame
  | MessageFrame
  | MessageEdited
  | MessageDeleted
  | ReactionAdded
  | ReactionRemoved
  | MemberJoined
  | MemberUpdated
  | MemberLeft
  | RoomUpdated
  | RoomOpened
  | RoomClosed
  | RoomDeleted
  | RoomAdded
  | RoomRemoved
  | Muted
  | Receipt
  | Presence
  | RoomPresence
  | Typing
  | RoomHead
  | Gap
  | TokenExpiring
  | Reconnect;
export type PersonKind = "user" | "guest" | "bot" | "system";
export type RoomRole = "owner" | "admin" | "member" | "guest";
/**
 * Why somebody is no longer a member.
 */
export type Departure = "left" | "removed" | "banned";
/**
 * Who may know of a room and how one gets in.
 *
 * public: everybody with an account sees it and may join. private: members only. direct and
 * group: the one room of exactly these people. guest: opened by a facilitator to people without
 * accounts.
 */
export type RoomKind = "public" | "private" | "direct" | "group" | "guest";
/**
 * Whether a room can be written to: scheduled (not yet), open, read_only, closed, deleted.
 *
 * The times of a room can be ahead of its state: see `libs.common.permissions.schedule`.
 */
export type RoomState = "scheduled" | "open" | "read_only" | "closed" | "deleted";

/**
 * The first frame of every connection.
 */
export interface Hello {
  type: "hello";
  ts: string;
  ref?: string | null;
  data: HelloShown;
}
export interface HelloShown {
  connection_id: string;
  server_time: string;
  auth_timeout_ms: number;
  heartbeat_ms: number;
  limits: LimitsShown;
}
/**
 * What a client should keep to. Each is the setting of the same name.
 */
export interface LimitsShown {
  frame_bytes: number;
  auth_frame_bytes: number;
  content_chars: number;
  content_bytes: number;
  rooms_attached: number;
  connections_per_person: number;
  in_flight: number;
  commands_per_s: number;
  commands_burst: number;
  sends_per_s: number;
  sends_burst: number;
  room_sends_per_s: number;
  room_sends_burst: number;
  typing_interval_ms: number;
  replay_events_per_room: number;
  sync_limit: number;
  backlog_frames: number;
  backlog_bytes: number;
}
export interface Ready {
  type: "ready";
  ts: string;
  ref?: string | null;
  data: ReadyShown;
}
export interface ReadyShown {
  person: PersonShown;
  session_id?: string | null;
  expires_at: string;
  rooms: StandingShown[];
  presence_state: "online" | "away" | "dnd" | "invisible";
}
export interface PersonShown {
  kind: PersonKind;
  id: string;
  name: string;
}
export interface StandingShown {
  room_id: string;
  epoch: string;
  head_seq: number;
  read_seq: number;
  unread: number;
  mentions: number;
  role?: RoomRole | null;
}
export interface RoomJoined {
  type: "room_joined";
  ts: string;
  ref?: string | null;
  data: JoinedShown;
}
/**
 * Without `role`: listening to a public room and not in it. Not `recovered`: a gap was told.
 *
 * Without `online_count` it is not known who is there; a `presence` of the room says it later.
 * `states` has those of `online` who are not simply online.
 */
export interface JoinedShown {
  room_id: string;
  epoch: string;
  head_seq: number;
  read_seq: number;
  role?: RoomRole | null;
  recovered: boolean;
  online: string[];
  online_count?: number | null;
  states: PresenceShown[];
}
export interface PresenceShown {
  person_id: string;
  state: "online" | "away" | "dnd" | "offline";
  status_text?: string | null;
  last_seen?: string | null;
  rev: number;
}
/**
 * The end of a replay: everything later is live.
 */
export interface Resumed {
  type: "resumed";
  ts: string;
  ref?: string | null;
  data: ResumedShown;
}
export interface ResumedShown {
  rooms: (Recovered | NotRecovered)[];
}
/**
 * A cursor from which nothing is missing: the events `(from, to]` were sent.
 */
export interface Recovered {
  room_id: string;
  recovered: true;
  from: number;
  to: number;
}
/**
 * After a gap the connection is attached and live; otherwise it is not attached.
 */
export interface NotRecovered {
  room_id: string;
  recovered: false;
  reason: ("too_many" | "retention" | "epoch") | ("not_found" | "unavailable");
}
/**
 * This connection hears nothing more of the room.
 */
export interface RoomLeft {
  type: "room_left";
  ts: string;
  ref?: string | null;
  data: RoomLeftShown;
}
/**
 * `reason` is `client`, or what the event that took the room away says: `left`, `removed`,
 * `banned`, `deleted`.
 */
export interface RoomLeftShown {
  room_id: string;
  reason: string;
}
/**
 * The one positive answer to the command with this `ref`.
 */
export interface Ack {
  type: "ack";
  ts: string;
  ref: string;
  data:
    | MessageTaken
    | EditTaken
    | DeletionTaken
    | ReactionTaken
    | ReadTaken
    | ChoiceTaken
    | TokenTaken
    | NothingToTell;
}
/**
 * To `send_message`. `duplicate`: it was there already, at this place.
 */
export interface MessageTaken {
  message_id: string;
  seq: number;
  ts: string;
  duplicate: boolean;
}
/**
 * To `edit_message`.
 */
export interface EditTaken {
  seq: number;
  rev: number;
}
/**
 * To `delete_message`.
 */
export interface DeletionTaken {
  seq: number;
}
/**
 * To `add_reaction` and `remove_reaction`. What was so already takes no seq.
 */
export interface ReactionTaken {
  changed: boolean;
  seq?: number | null;
}
/**
 * To `read`.
 */
export interface ReadTaken {
  read_seq: number;
}
/**
 * To `set_presence`.
 */
export interface ChoiceTaken {
  state: "online" | "away" | "dnd" | "invisible";
}
/**
 * To `refresh`.
 */
export interface TokenTaken {
  expires_at: string;
}
/**
 * To `typing` with a `ref`.
 */
export interface NothingToTell {}
/**
 * The answer to `sync`, as `events_frame` writes it.
 */
export interface Events {
  type: "events";
  ts: string;
  ref: string;
  room_id: string;
  data: EventsShown;
}
/**
 * Entries after the asked for seq, oldest first. `more`: ask again from the last of them.
 */
export interface EventsShown {
  events: (
    | MessageFrame
    | MessageEdited
    | MessageDeleted
    | ReactionAdded
    | ReactionRemoved
    | MemberJoined
    | MemberUpdated
    | MemberLeft
    | RoomUpdated
    | RoomOpened
    | RoomClosed
    | RoomDeleted
  )[];
  head_seq: number;
  more: boolean;
}
export interface MessageFrame {
  type: "message";
  ts: string;
  room_id: string;
  seq: number;
  data: MessageShown;
}
/**
 * A message as it is now. One that was deleted keeps its place and has no content.
 */
export interface MessageShown {
  id: string;
  author: PersonShown;
  content: string;
  format: "markdown";
  created_at: string;
  rev: number;
  edited_at?: string | null;
  deleted_at?: string | null;
  reply_to?: string | null;
  thread_root?: string | null;
  attachments: string[];
  mentions: string[];
  client_msg_id: string;
}
export interface MessageEdited {
  type: "message_edited";
  ts: string;
  room_id: string;
  seq: number;
  data: EditShown;
}
/**
 * `content` is empty when the message was deleted since.
 */
export interface EditShown {
  id: string;
  content: string;
  rev: number;
  by: string;
  edited_at: string;
  deleted_at?: string | null;
}
export interface MessageDeleted {
  type: "message_deleted";
  ts: string;
  room_id: string;
  seq: number;
  data: DeletionShown;
}
/**
 * `author` is what to call the author from now on, when they were erased.
 */
export interface DeletionShown {
  id: string;
  by: string;
  deleted_at: string;
  author?: PersonShown | null;
}
export interface ReactionAdded {
  type: "reaction_added";
  ts: string;
  room_id: string;
  seq: number;
  data: ReactionShown;
}
export interface ReactionShown {
  message_id: string;
  person: PersonShown;
  emoji: string;
}
export interface ReactionRemoved {
  type: "reaction_removed";
  ts: string;
  room_id: string;
  seq: number;
  data: ReactionShown;
}
export interface MemberJoined {
  type: "member_joined";
  ts: string;
  room_id: string;
  seq: number;
  data: MemberShown;
}
export interface MemberShown {
  person: PersonShown;
  role?: RoomRole | null;
  reason?: Departure | null;
}
export interface MemberUpdated {
  type: "member_updated";
  ts: string;
  room_id: string;
  seq: number;
  data: MemberShown;
}
export interface MemberLeft {
  type: "member_left";
  ts: string;
  room_id: string;
  seq: number;
  data: MemberShown;
}
export interface RoomUpdated {
  type: "room_updated";
  ts: string;
  room_id: string;
  seq: number;
  data: RoomShown;
}
/**
 * `opens_at` and `closes_at` are RFC 3339; without them the room has no such time.
 *
 * `is_locked`: nobody comes in any more.
 */
export interface RoomShown {
  kind: RoomKind;
  state: RoomState;
  title: string;
  topic: string;
  slow_mode_s: number;
  opens_at?: string | null;
  closes_at?: string | null;
  is_locked: boolean;
}
/**
 * A room that was scheduled is open now.
 */
export interface RoomOpened {
  type: "room_opened";
  ts: string;
  room_id: string;
  seq: number;
  data: RoomShown;
}
/**
 * The room's time is over: it can be read and not written to.
 */
export interface RoomClosed {
  type: "room_closed";
  ts: string;
  room_id: string;
  seq: number;
  data: RoomShown;
}
export interface RoomDeleted {
  type: "room_deleted";
  ts: string;
  room_id: string;
  seq: number;
  data: RoomShown;
}
export interface Pong {
  type: "pong";
  ts: string;
  ref?: string | null;
  data: PongShown;
}
/**
 * `pressure`: 0 calm; 1 busy, typing is neither taken nor passed on; 2 overloaded, nor is
 * presence.
 */
export interface PongShown {
  server_time: string;
  pressure: 0 | 1 | 2;
}
/**
 * The one negative answer, or, without a `ref`, a complaint of the server.
 */
export interface ErrorFrame {
  type: "error";
  ts: string;
  ref?: string | null;
  /**
   * Decide by `code`; `message` is for people. What does not apply is left out.
   */
  data: {
    code: string;
    message: string;
    retryable: boolean;
    fields?: {
      [k: string]: string;
    } | null;
    retry_after_ms?: number | null;
    until?: string | null;
    first_available_seq?: number | null;
    error_id?: string | null;
  };
}
/**
 * To every connection of a person who is a member now, attached or not.
 */
export interface RoomAdded {
  type: "room_added";
  ts: string;
  room_id: string;
  data: RoomCard;
}
/**
 * A room in somebody's list.
 */
export interface RoomCard {
  room_id: string;
  kind: RoomKind;
  title: string;
  topic: string;
  role: RoomRole;
}
export interface RoomRemoved {
  type: "room_removed";
  ts: string;
  room_id: string;
  data: RemovalShown;
}
export interface RemovalShown {
  room_id: string;
  reason: Departure | "deleted";
}
export interface Muted {
  type: "muted";
  ts: string;
  room_id: string;
  data: MuteShown;
}
/**
 * Without `until` a mute lasts until somebody takes it back.
 */
export interface MuteShown {
  room_id: string;
  is_muted: boolean;
  until?: string | null;
}
export interface Receipt {
  type: "receipt";
  ts: string;
  room_id: string;
  data: ReceiptShown;
}
export interface ReceiptShown {
  person_id: string;
  read_seq: number;
}
/**
 * One person's state. It is the same for all rooms, so the frame names none.
 */
export interface Presence {
  type: "presence";
  ts: string;
  data: PresenceShown;
}
/**
 * Who is in a room, in the place of what was known of it before.
 */
export interface RoomPresence {
  type: "presence";
  ts: string;
  room_id: string;
  data: RoomPresenceShown;
}
/**
 * Everybody who is there; of too many to name only the number.
 */
export interface RoomPresenceShown {
  users: PresenceShown[];
  online_count: number;
}
export interface Typing {
  type: "typing";
  ts: string;
  room_id: string;
  data: TypingShown;
}
export interface TypingShown {
  person_id: string;
  is_typing: boolean;
  expires_in_ms: number;
}
/**
 * How a room stands for somebody who is in it and does not listen to it.
 */
export interface RoomHead {
  type: "room_head";
  ts: string;
  ref?: string | null;
  room_id: string;
  data: HeadShown;
}
export interface HeadShown {
  head_seq: number;
  unread: number;
  mentions: number;
}
/**
 * These events will not come: read the room's history instead.
 */
export interface Gap {
  type: "gap";
  ts: string;
  ref?: string | null;
  room_id: string;
  data: GapShown;
}
/**
 * Both ends belong to the gap.
 */
export interface GapShown {
  from_seq: number;
  to_seq: number;
  reason: "too_many" | "retention" | "epoch";
}
export interface TokenExpiring {
  type: "token_expiring";
  ts: string;
  ref?: string | null;
  data: TokenExpiringShown;
}
export interface TokenExpiringShown {
  expires_at: string;
}
export interface Reconnect {
  type: "reconnect";
  ts: string;
  ref?: string | null;
  data: ReconnectShown;
}
export interface ReconnectShown {
  reason: "drain" | "rebalance";
  after_ms: number;
}
