// Written by `make docs` from docs/schemas/http.json: change the models instead.

/**
 * The JSON of the HTTP API, by the names of the OpenAPI documents. An answer may have more members in a newer release. Written by `make docs` from those documents.
 */
export type Bodies =
  | AccountShown
  | Action
  | Chosen
  | CursorAsked
  | CursorShown
  | DirectPeople
  | Explained
  | Heir
  | HelloShown
  | KeySet
  | KeyShown
  | LimitsShown
  | Login
  | MemberShown
  | MessageItem
  | NewContent
  | NewMessage
  | NewRole
  | NewRoom
  | NotAttachedShown
  | OneMessage
  | OwnPresence
  | Page_MemberShown_
  | Page_MessageItem_
  | Page_RoomShown_
  | Page_SessionShown_
  | Page_UserShown_
  | Page_VersionItem_
  | PeoplePresence
  | Permissions
  | PersonKind
  | PersonPresence
  | PersonShown
  | Problem
  | Profile
  | ReactionChanged
  | ReactionsShown
  | ReadCursor
  | ReadUpTo
  | ReadyShown
  | Refresh
  | Registration
  | RoomChange
  | RoomKind
  | RoomPresence
  | RoomRole
  | RoomShown
  | RoomState
  | SessionShown
  | Shown
  | SignedIn
  | SignedInWithToken
  | StandingShown
  | SyncAnswer
  | SyncAsked
  | SystemRole
  | Unread
  | UnreadItem
  | UserShown
  | VersionItem
  | Wish;
export type PersonKind = "user" | "guest" | "bot" | "system";
/**
 * A role over the whole installation; OWNER and ADMIN count in every room too.
 */
export type SystemRole = "owner" | "admin" | "member";
/**
 * What somebody may want to do; `ban` and `mute` include taking it back.
 */
export type Action =
  | "see"
  | "read"
  | "join"
  | "leave"
  | "post"
  | "react"
  | "edit_own"
  | "edit_others"
  | "delete_own"
  | "delete_others"
  | "pin"
  | "invite"
  | "add_member"
  | "remove_member"
  | "change_role"
  | "mute"
  | "ban"
  | "change_room"
  | "take_transcript"
  | "transfer"
  | "delete_room";
/**
 * What a person wants to be seen as while connected.
 */
export type Chosen = "online" | "away" | "dnd" | "invisible";
export type RoomRole = "owner" | "admin" | "member" | "guest";
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
 */
export type RoomState = "scheduled" | "open" | "read_only" | "closed" | "deleted";
/**
 * What others see. Nobody sees that somebody is invisible.
 */
export type Shown = "online" | "away" | "dnd" | "offline";

/**
 * What a user is told of their own account.
 */
export interface AccountShown {
  id: string;
  kind: PersonKind;
  name: string;
  email: string;
  system_role: SystemRole;
  created_at: string;
  updated_at: string;
}
/**
 * How far a client has got in a room.
 */
export interface CursorAsked {
  seq: number;
  epoch: string;
}
/**
 * Everything up to here was sent, or told as a gap.
 */
export interface CursorShown {
  seq: number;
  epoch: string;
}
/**
 * The others; whoever asks is one of the people anyway.
 */
export interface DirectPeople {
  /**
   * @minItems 1
   * @maxItems 100
   */
  user_ids: string[];
}
/**
 * Why an action is allowed or not: the rule that decided, and the least role for it.
 */
export interface Explained {
  action: Action;
  is_allowed: boolean;
  rule: string;
  because: string;
  needed: RoomRole;
}
export interface Heir {
  user_id: string;
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
export interface KeySet {
  /**
   * @minItems 1
   */
  keys: KeyShown[];
}
/**
 * A public key.  See: RFC 7517, RFC 8037.
 */
export interface KeyShown {
  kty: "OKP";
  crv: "Ed25519";
  x: string;
  kid: string;
  use: "sig";
  alg: "Ed25519";
}
/**
 * `device` is what the session is called in its owner's list.
 */
export interface Login {
  email: string;
  password: string;
  cookie?: boolean;
  device?: string | null;
}
export interface MemberShown {
  person: PersonShown;
  role: RoomRole;
  since: string;
}
export interface PersonShown {
  kind: PersonKind;
  id: string;
  name: string;
}
/**
 * A message in its present state; one that was deleted keeps its place and is empty.
 */
export interface MessageItem {
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
  room_id: string;
  seq: number;
  reactions: ReactionsShown[];
}
export interface ReactionsShown {
  emoji: string;
  count: number;
  mine: boolean;
}
/**
 * `expected_rev`: refuse with `conflict` if somebody edited meanwhile.
 */
export interface NewContent {
  content: string;
  expected_rev?: number | null;
}
/**
 * `client_msg_id` may stand in the header `Idempotency-Key` instead.
 */
export interface NewMessage {
  content: string;
  client_msg_id?: string | null;
  reply_to?: string | null;
  thread_root?: string | null;
}
export interface NewRole {
  role: "owner" | "admin" | "member";
}
export interface NewRoom {
  kind: "public" | "private";
  title: string;
  topic?: string;
  slow_mode_s?: number;
}
/**
 * `not_found`: not a room of this person. `unavailable`: ask again, with the same cursor.
 */
export interface NotAttachedShown {
  recovered: false;
  reason: "not_found" | "unavailable";
}
export interface OneMessage {
  message: MessageItem;
}
export interface OwnPresence {
  state: Chosen;
  status_text?: string | null;
}
export interface Page_MemberShown_ {
  items: MemberShown[];
  next_cursor?: string | null;
}
export interface Page_MessageItem_ {
  items: MessageItem[];
  next_cursor?: string | null;
}
export interface Page_RoomShown_ {
  items: RoomShown[];
  next_cursor?: string | null;
}
/**
 * A room as somebody sees it.
 *
 * `role` is their membership, null from outside. `people` are those of a direct or group room,
 * which has no title of its own.
 */
export interface RoomShown {
  id: string;
  kind: RoomKind;
  state: RoomState;
  title: string;
  topic: string;
  slow_mode_s: number;
  member_count: number;
  created_at: string;
  updated_at: string;
  role?: RoomRole | null;
  people?: PersonShown[] | null;
}
export interface Page_SessionShown_ {
  items: SessionShown[];
  next_cursor?: string | null;
}
/**
 * One device on which an account is logged in. `current` is the one that asks.
 */
export interface SessionShown {
  id: string;
  name: string;
  address: string;
  created_at: string;
  last_used_at: string;
  expires_at: string;
  current: boolean;
}
export interface Page_UserShown_ {
  items: UserShown[];
  next_cursor?: string | null;
}
/**
 * What everybody may know of a user.
 */
export interface UserShown {
  id: string;
  kind: PersonKind;
  name: string;
  system_role: SystemRole;
  is_disabled: boolean;
}
export interface Page_VersionItem_ {
  items: VersionItem[];
  next_cursor?: string | null;
}
/**
 * What a message said from `written_at` on, until the next edit.
 */
export interface VersionItem {
  rev: number;
  content: string;
  written_at: string;
}
export interface PeoplePresence {
  items: PersonPresence[];
}
export interface PersonPresence {
  person_id: string;
  state: Shown | "unknown";
  status_text?: string | null;
  last_seen?: string | null;
}
/**
 * `role` counts the system role too. `explained` is there when asked for.
 */
export interface Permissions {
  role?: RoomRole | null;
  allowed: Action[];
  explained?: Explained[] | null;
}
/**
 * Every refusal and every error has this shape. What does not apply is left out.
 */
export interface Problem {
  /**
   * Stable: programs decide by it.
   */
  code: string;
  /**
   * For people, in English.
   */
  message: string;
  /**
   * Whether the same request may work later.
   */
  retryable: boolean;
  /**
   * What is wrong, by dotted name.
   */
  fields?: {
    [k: string]: string;
  };
  /**
   * Come back after so many milliseconds.
   */
  retry_after_ms?: number;
  /**
   * When the refusal ends.
   */
  until?: string;
  /**
   * Where history now begins.
   */
  first_available_seq?: number;
  /**
   * What to tell the operator.
   */
  error_id?: string;
}
/**
 * What is left out stays as it is.
 */
export interface Profile {
  name?: string | null;
}
/**
 * `changed` is false when it was so already.
 */
export interface ReactionChanged {
  changed: boolean;
}
export interface ReadCursor {
  read_seq: number;
}
export interface ReadUpTo {
  seq: number;
}
export interface ReadyShown {
  person: PersonShown;
  session_id?: string | null;
  expires_at: string;
  rooms: StandingShown[];
  presence_state: "online" | "away" | "dnd" | "invisible";
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
/**
 * Without a token the cookie is taken.
 */
export interface Refresh {
  refresh_token?: string | null;
}
/**
 * `cookie`: keep the refresh token in a cookie instead of the answer. `owner_token` comes from
 * the link that the first start of a server shows.
 */
export interface Registration {
  email: string;
  password: string;
  name: string;
  cookie?: boolean;
  device?: string | null;
  owner_token?: string | null;
}
/**
 * What is left out stays as it is.
 */
export interface RoomChange {
  title?: string | null;
  topic?: string | null;
  state?: ("open" | "read_only") | null;
  slow_mode_s?: number | null;
}
/**
 * Who is in a room now: the first of them by id, and how many there are in all.
 *
 * `count=null`: that is not known yet.
 */
export interface RoomPresence {
  room_id: string;
  users: string[];
  count?: number | null;
}
/**
 * `expires_in` is in seconds. The refresh token went into the cookie.
 */
export interface SignedIn {
  user: AccountShown;
  access_token: string;
  expires_in: number;
}
/**
 * As asked for without a cookie.
 */
export interface SignedInWithToken {
  user: AccountShown;
  access_token: string;
  expires_in: number;
  refresh_token: string;
}
/**
 * `hello` and `ready` are there when the poll asked to be greeted. `events` are frames, as in
 * the schema of frames. `more`: ask again at once.
 */
export interface SyncAnswer {
  hello?: HelloShown | null;
  ready?: ReadyShown | null;
  /**
   * Frames, the oldest first.
   */
  events: {
    [k: string]: unknown;
  }[];
  cursors: {
    [k: string]: CursorShown | NotAttachedShown;
  };
  more: boolean;
}
/**
 * `null` for a room: listen from now on. `timeout_ms` and `greet` are for polls: a stream lasts
 * its time, and always begins with a greeting.
 */
export interface SyncAsked {
  cursors?: {
    [k: string]: CursorAsked | null;
  };
  timeout_ms?: number;
  greet?: boolean;
  /**
   * @maxItems 1
   */
  features?: "batch"[];
}
export interface Unread {
  items: UnreadItem[];
}
/**
 * Counted up to a limit; own and deleted messages never count.
 */
export interface UnreadItem {
  room_id: string;
  unread: number;
  mentions: number;
  read_seq: number;
  head_seq: number;
}
/**
 * What one wants to be seen as.
 */
export interface Wish {
  state: Chosen;
  status_text?: string | null;
}
