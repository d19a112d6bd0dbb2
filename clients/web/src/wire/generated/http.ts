// Written by `make docs` from docs/schemas/http.json: change the models instead.

/**
 * The JSON of the HTTP API, by the names of the OpenAPI documents. An answer may have more members in a newer release. Written by `make docs` from those documents.
 */
export type Bodies =
  | Accepted
  | AccountAdministered
  | AccountChange
  | AccountShown
  | Action
  | Address
  | BlockShown
  | BotProfile
  | Challenge
  | ChangedPassword
  | Chosen
  | Code
  | Credential
  | CredentialResponse
  | CursorAsked
  | CursorShown
  | Decided
  | Departure
  | DirectPeople
  | DoorShown
  | EntryShown
  | ErasureProgress
  | ErasureShown
  | ErasureState
  | Explained
  | ExportShown
  | ExportState
  | FoundToken
  | GuestIn
  | GuestRefresh
  | GuestRoomsOffered
  | GuestShown
  | Heir
  | HelloShown
  | IdentityShown
  | InviteMade
  | InviteShown
  | InvitedLogin
  | InvitedRoom
  | KeySet
  | KeyShown
  | Kind
  | LastMessageShown
  | LastSeenTo
  | LetterKind
  | LetterShown
  | LimitsShown
  | LinkToken
  | Login
  | MemberShown
  | MessageItem
  | Method
  | NewContent
  | NewGuest
  | NewInvite
  | NewMessage
  | NewPasskey
  | NewPassword
  | NewReport
  | NewRole
  | NewRoom
  | NewRoomInvite
  | NewSanction
  | NotAttachedShown
  | NotificationsBody
  | OneMessage
  | OwnPresence
  | OwnReport
  | Page_AccountAdministered_
  | Page_BlockShown_
  | Page_EntryShown_
  | Page_ExportShown_
  | Page_GuestShown_
  | Page_IdentityShown_
  | Page_InviteShown_
  | Page_LetterShown_
  | Page_MemberShown_
  | Page_MessageItem_
  | Page_ReportItem_
  | Page_RoomChangeShown_
  | Page_RoomInviteShown_
  | Page_RoomItem_
  | Page_RoomShown_
  | Page_SanctionShown_
  | Page_SessionShown_
  | Page_TokenShown_
  | Page_UserShown_
  | Page_VersionItem_
  | PasskeyAdded
  | PasskeyAnswer
  | PasskeyLogin
  | PasskeyOptions
  | PasskeyShown
  | PeoplePresence
  | Permissions
  | PersonKind
  | PersonNoted
  | PersonPresence
  | PersonShown
  | PolicyChange
  | PolicyShown
  | PreferencesBody
  | Privacy
  | Problem
  | Profile
  | ProviderShown
  | ProvidersShown
  | ReactionChanged
  | ReactionsShown
  | ReadCursor
  | ReadUpTo
  | ReadyShown
  | Reason
  | RecoveryCodes
  | Refresh
  | Registration
  | RegistrationMode
  | RegistrationShown
  | ReportItem
  | ReportState
  | RoomChange
  | RoomChangeShown
  | RoomInvitePreview
  | RoomInviteShown
  | RoomItem
  | RoomKind
  | RoomPresence
  | RoomRole
  | RoomShown
  | RoomState
  | SanctionShown
  | Scope
  | SecondFactor
  | SecondFactors
  | SessionShown
  | Shown
  | SignedIn
  | SignedInWithToken
  | StandingShown
  | StepShown
  | StepUp
  | SyncAnswer
  | SyncAsked
  | SystemRole
  | TokenMade
  | TokenShown
  | TokenWanted
  | TotpOffered
  | Unread
  | UnreadItem
  | UserShown
  | VerificationSent
  | VersionItem
  | Wish;
export type PersonKind = "user" | "guest" | "bot" | "system";
/**
 * A role over the whole installation; OWNER and ADMIN count in every room too.
 */
export type SystemRole = "owner" | "admin" | "member";
/**
 * What somebody may want to do; `ban`, `mute` and `archive` include taking it back.
 *
 * `moderate` is to see reports, bans and mutes, and to decide reports.
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
  | "report"
  | "pin"
  | "invite"
  | "add_member"
  | "remove_member"
  | "change_role"
  | "mute"
  | "ban"
  | "moderate"
  | "change_room"
  | "see_changes"
  | "take_transcript"
  | "transfer"
  | "archive"
  | "delete_room";
/**
 * What a person wants to be seen as while connected.
 */
export type Chosen = "online" | "away" | "dnd" | "invisible";
/**
 * Whether a room can be written to: scheduled (not yet), open, read_only, closed, deleted.
 *
 * The times of a room can be ahead of its state: see `libs.common.permissions.schedule`.
 */
export type RoomState = "scheduled" | "open" | "read_only" | "closed" | "deleted";
/**
 * What was done, in the past tense. Clients filter by these: none is ever renamed.
 */
export type Kind =
  | "account.registered"
  | "account.renamed"
  | "account.disabled"
  | "account.enabled"
  | "role.changed"
  | "login.failed"
  | "session.opened"
  | "session.ended"
  | "sessions.ended"
  | "token.reused"
  | "rate.limited"
  | "policy.changed"
  | "invite.made"
  | "invite.used"
  | "invite.revoked"
  | "audit.exported"
  | "session.proved"
  | "proof.refused"
  | "totp.added"
  | "totp.removed"
  | "passkey.added"
  | "passkey.removed"
  | "recovery_codes.made"
  | "recovery_code.used"
  | "second_factors.forgotten"
  | "identity.linked"
  | "identity.unlinked"
  | "email.changed"
  | "email.verified"
  | "password.changed"
  | "password.reset"
  | "token.made"
  | "token.revoked"
  | "token.found"
  | "bot.made"
  | "bot.renamed"
  | "bot.retired"
  | "export.asked"
  | "export.fetched"
  | "erasure.asked"
  | "erasure.taken_back"
  | "erasure.begun"
  | "erasure.finished";
export type ErasureState = "waiting" | "working" | "done";
export type RoomRole = "owner" | "admin" | "member" | "guest";
export type ExportState = "waiting" | "working" | "ready" | "failed" | "expired";
/**
 * Who may know of a room and how one gets in.
 *
 * public: everybody with an account sees it and may join. private: members only. direct and
 * group: the one room of exactly these people. guest: opened by a facilitator to people without
 * accounts.
 */
export type RoomKind = "public" | "private" | "direct" | "group" | "guest";
/**
 * Who may know when a person was last seen, of those who see the person at all.
 */
export type LastSeenTo = "everybody" | "nobody";
/**
 * What a letter is about; each has a template of this name.
 */
export type LetterKind =
  | "verify_email"
  | "confirm_new_email"
  | "email_changed"
  | "account_exists"
  | "reset_password"
  | "password_changed"
  | "new_device"
  | "second_factor_changed"
  | "identity_changed"
  | "token_made"
  | "token_found"
  | "invitation"
  | "role_changed"
  | "export_ready"
  | "account_erased";
/**
 * What a log-in or a step-up was proved with.
 */
export type Method = "password" | "identity" | "passkey" | "totp" | "recovery";
/**
 * Why a message was reported.
 */
export type Reason = "spam" | "abuse" | "other";
/**
 * What became of a report: nothing yet, nothing at all, or something was done.
 */
export type ReportState = "open" | "dismissed" | "acted";
export type JsonValue = unknown;
export type Scope =
  | "rooms:read"
  | "rooms:write"
  | "messages:read"
  | "messages:write"
  | "presence"
  | "users:read"
  | "profile"
  | "admin";
/**
 * What others see. Nobody sees that somebody is invisible.
 */
export type Shown = "online" | "away" | "dnd" | "offline";
/**
 * Who may make an account: anybody, whoever has an invitation, nobody.
 */
export type RegistrationMode = "open" | "invite" | "closed";

/**
 * A letter is on its way, if there is anybody to write to.
 */
export interface Accepted {
  status: "accepted";
}
/**
 * An account as those see it who run the server. `sessions` are open at the moment;
 * `last_used_at` is null where none is remembered.
 */
export interface AccountAdministered {
  id: string;
  kind: PersonKind;
  name: string;
  system_role: SystemRole;
  is_disabled: boolean;
  avatar?: string | null;
  email?: string | null;
  created_at: string;
  last_used_at?: string | null;
  sessions: number;
}
/**
 * What is left out stays as it is.
 */
export interface AccountChange {
  system_role?: SystemRole | null;
  disabled?: boolean | null;
}
/**
 * What a user is told of their own account.
 */
export interface AccountShown {
  id: string;
  kind: PersonKind;
  name: string;
  email: string;
  email_verified: boolean;
  has_password: boolean;
  system_role: SystemRole;
  avatar?: string | null;
  created_at: string;
  updated_at: string;
}
/**
 * Where a letter is to go.
 */
export interface Address {
  email: string;
}
/**
 * Whom one blocks, and since when. Who blocks oneself is shown to nobody.
 */
export interface BlockShown {
  person: PersonShown;
  since: string;
}
export interface PersonShown {
  kind: PersonKind;
  id: string;
  name: string;
}
export interface BotProfile {
  name: string;
}
/**
 * As it came with `second_factor_required`.
 */
export interface Challenge {
  challenge: string;
}
export interface ChangedPassword {
  old: string;
  new: string;
}
/**
 * Six digits of an authenticator app.
 */
export interface Code {
  code: string;
}
export interface Credential {
  id: string;
  rawId: string;
  type: "public-key";
  response: CredentialResponse;
}
/**
 * With `attestation_object` when a passkey was made, with the two after it when it signed.
 */
export interface CredentialResponse {
  clientDataJSON: string;
  attestationObject?: string | null;
  authenticatorData?: string | null;
  signature?: string | null;
  userHandle?: string | null;
  transports?: string[] | null;
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
export interface Decided {
  state: "dismissed" | "acted";
}
/**
 * `location` is the address at the provider that the browser opens next.
 */
export interface Departure {
  location: string;
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
 * What a passer-by may know of a guest room. `server_time` lets a page count down to
 * `opens_at` whatever its own clock says.
 */
export interface DoorShown {
  title: string;
  topic: string;
  facilitator: string;
  state: RoomState;
  opens_at?: string | null;
  closes_at?: string | null;
  has_password: boolean;
  is_locked: boolean;
  is_full: boolean;
  server_time: string;
}
/**
 * One entry of the audit log.
 */
export interface EntryShown {
  id: number;
  at: string;
  kind: Kind;
  outcome: "done" | "refused";
  actor?: PersonNoted | null;
  subject?: PersonNoted | null;
  address?: string | null;
  session_id?: string | null;
  details: {
    [k: string]: string | number | boolean;
  };
}
/**
 * A person in the audit log. The name is that of the time, null once it was erased.
 */
export interface PersonNoted {
  id: string;
  name?: string | null;
}
/**
 * An erasure, service by service.
 */
export interface ErasureProgress {
  erasure_id: string;
  state: ErasureState;
  asked_at: string;
  due_at: string;
  finished_at?: string | null;
  steps: StepShown[];
}
/**
 * What one service did. `receipt` is a signed token, `key` the public key that checks it.
 */
export interface StepShown {
  service: string;
  subject: "account" | "bot";
  is_done: boolean;
  receipt?: string | null;
  key?: {
    [k: string]: string;
  } | null;
}
/**
 * `due_at`: until then it can be taken back.
 */
export interface ErasureShown {
  erasure_id: string;
  state: ErasureState;
  asked_at: string;
  due_at: string;
  finished_at?: string | null;
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
/**
 * A copy of one's own data. `link` is there when it can be fetched, once and without a log-in:
 * a path, which is another one after it was used.
 */
export interface ExportShown {
  id: string;
  state: ExportState;
  progress_percent: number;
  bytes: number;
  made_at: string;
  expires_at: string;
  link?: string | null;
}
export interface FoundToken {
  token: string;
}
/**
 * Tokens of a guest, good for this room only. `expires_in` is the access token's.
 */
export interface GuestIn {
  room: RoomShown;
  person: PersonShown;
  access_token: string;
  refresh_token: string;
  expires_in: number;
}
/**
 * A room as somebody sees it.
 *
 * `role` is their membership, null from outside. `people` are those of a direct or group room,
 * which has no title of its own. `purge_at` is when a room is removed for good that is closed or
 * deleted. `slug` and `has_password` are of guest rooms; these two and `locked_until`, the door
 * that a flood of newcomers has shut, are shown to members who are admins or owners. Who
 * `is_muted` reads and does not write, until `muted_until`; null: until it is taken back.
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
  opens_at?: string | null;
  closes_at?: string | null;
  purge_after_s?: number | null;
  purge_at?: string | null;
  archived_at?: string | null;
  deleted_at?: string | null;
  max_members?: number | null;
  is_locked: boolean;
  locked_until?: string | null;
  slug?: string | null;
  has_password?: boolean | null;
  is_muted: boolean;
  muted_until?: string | null;
}
export interface GuestRefresh {
  refresh_token: string;
}
/**
 * What this server has of guest rooms for those who would make one.
 */
export interface GuestRoomsOffered {
  may_be_made: boolean;
}
/**
 * A guest as the facilitator sees them. `last_seen_at` is when they last fetched tokens, which
 * a client that is there does every few minutes. Who `is_muted` without a time is so for good.
 */
export interface GuestShown {
  person: PersonShown;
  alias: string;
  since: string;
  last_seen_at: string;
  is_muted: boolean;
  muted_until?: string | null;
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
/**
 * An identity that opens the caller's account. `provider` is null when it is offered no longer;
 * `title` says whose it is in any case.
 */
export interface IdentityShown {
  id: string;
  provider?: string | null;
  title: string;
  email?: string | null;
  linked_at: string;
}
/**
 * The one answer that holds the link. `is_sent`: it was also sent by e-mail.
 */
export interface InviteMade {
  id: string;
  made_by: string;
  max_uses: number;
  uses: number;
  created_at: string;
  expires_at: string;
  state: "good" | "used_up" | "expired" | "revoked";
  link: string;
  is_sent: boolean;
}
/**
 * `state` says why nobody is let in with it any more.
 */
export interface InviteShown {
  id: string;
  made_by: string;
  max_uses: number;
  uses: number;
  created_at: string;
  expires_at: string;
  state: "good" | "used_up" | "expired" | "revoked";
}
/**
 * `invite` is what the link of an invitation to this server holds.
 */
export interface InvitedLogin {
  invite: string;
}
/**
 * What an invitation shows of its room, and no more.
 */
export interface InvitedRoom {
  id: string;
  kind: RoomKind;
  title: string;
  topic: string;
  member_count: number;
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
 * The newest message that was not deleted; `content` is the beginning of it.
 */
export interface LastMessageShown {
  id: string;
  author: PersonShown;
  content: string;
  created_at: string;
}
/**
 * A letter that nobody was sent.
 */
export interface LetterShown {
  id: string;
  to: string;
  kind: LetterKind;
  subject: string;
  text: string;
  posted_at: string;
}
/**
 * What stands behind `#token=` in a link.
 */
export interface LinkToken {
  token: string;
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
/**
 * `is_muted` is null for who may mute nobody. Who is muted without a time is so for good.
 */
export interface MemberShown {
  person: PersonShown;
  role: RoomRole;
  since: string;
  is_muted?: boolean | null;
  muted_until?: string | null;
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
export interface NewGuest {
  alias: string;
  password?: string | null;
  device?: string | null;
}
/**
 * With an `email`, and a mail server, the link is sent there; the address is not kept.
 */
export interface NewInvite {
  max_uses?: number;
  expires_in_s?: number;
  email?: string | null;
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
/**
 * `name` is what it is called in its owner's list.
 */
export interface NewPasskey {
  challenge_id: string;
  credential: Credential;
  name: string;
}
/**
 * `token` is from the link in a letter.
 */
export interface NewPassword {
  token: string;
  password: string;
}
export interface NewReport {
  reason: Reason;
  note?: string | null;
}
export interface NewRole {
  role: "owner" | "admin" | "member";
}
/**
 * `password` and `purge_after_s`, which counts from `closes_at`, are for guest rooms.
 */
export interface NewRoom {
  kind: "public" | "private" | "guest";
  title: string;
  topic?: string;
  slow_mode_s?: number;
  password?: string | null;
  opens_at?: string | null;
  closes_at?: string | null;
  max_members?: number | null;
  purge_after_s?: number | null;
}
/**
 * Without `max_uses` it is good for any number of people, without `expires_in_s` for ever.
 */
export interface NewRoomInvite {
  max_uses?: number | null;
  expires_in_s?: number | null;
  role?: "admin" | "member";
}
/**
 * A ban or a mute. Without `until` it is for ever; `reason` is for moderators.
 */
export interface NewSanction {
  until?: string | null;
  reason?: string;
}
/**
 * `not_found`: not a room of this person. `unavailable`: ask again, with the same cursor.
 */
export interface NotAttachedShown {
  recovered: false;
  reason: "not_found" | "unavailable";
}
/**
 * What a client tells of while nobody looks at it. `email`: whether mail about missed messages
 * is wanted.
 */
export interface NotificationsBody {
  messages: "all" | "mentions" | "none";
  sound: boolean;
  email: boolean;
}
export interface OneMessage {
  message: MessageItem;
}
export interface OwnPresence {
  state: Chosen;
  status_text?: string | null;
}
/**
 * What a reporter sees of their report.
 */
export interface OwnReport {
  id: string;
  message_id: string;
  reason: Reason;
  note: string;
  at: string;
  state: ReportState;
}
export interface Page_AccountAdministered_ {
  items: AccountAdministered[];
  next_cursor?: string | null;
}
export interface Page_BlockShown_ {
  items: BlockShown[];
  next_cursor?: string | null;
}
export interface Page_EntryShown_ {
  items: EntryShown[];
  next_cursor?: string | null;
}
export interface Page_ExportShown_ {
  items: ExportShown[];
  next_cursor?: string | null;
}
export interface Page_GuestShown_ {
  items: GuestShown[];
  next_cursor?: string | null;
}
export interface Page_IdentityShown_ {
  items: IdentityShown[];
  next_cursor?: string | null;
}
export interface Page_InviteShown_ {
  items: InviteShown[];
  next_cursor?: string | null;
}
export interface Page_LetterShown_ {
  items: LetterShown[];
  next_cursor?: string | null;
}
export interface Page_MemberShown_ {
  items: MemberShown[];
  next_cursor?: string | null;
}
export interface Page_MessageItem_ {
  items: MessageItem[];
  next_cursor?: string | null;
}
export interface Page_ReportItem_ {
  items: ReportItem[];
  next_cursor?: string | null;
}
/**
 * A report, for those who decide it. While it is open `message.content` is what was reported,
 * whether it was edited or deleted since.
 */
export interface ReportItem {
  id: string;
  message: MessageItem;
  reporter: PersonShown;
  reason: Reason;
  note: string;
  at: string;
  state: ReportState;
  decided_by?: PersonShown | null;
  decided_at?: string | null;
}
export interface Page_RoomChangeShown_ {
  items: RoomChangeShown[];
  next_cursor?: string | null;
}
/**
 * One entry of a room's history. `actor` is null for what the clock did, and for who is no
 * more; `subject` is whom it was done to.
 */
export interface RoomChangeShown {
  at: string;
  kind: string;
  actor?: PersonShown | null;
  subject?: PersonShown | null;
  details: {
    [k: string]: JsonValue;
  };
}
export interface Page_RoomInviteShown_ {
  items: RoomInviteShown[];
  next_cursor?: string | null;
}
/**
 * An invitation as its room's admins see it.
 *
 * `code` and `link` are null if the server cannot make them again: it has no secret for them, or
 * another than when the invitation was made.
 */
export interface RoomInviteShown {
  id: string;
  code?: string | null;
  link?: string | null;
  role: RoomRole;
  max_uses?: number | null;
  uses: number;
  expires_at?: string | null;
  made_by: PersonShown;
  created_at: string;
}
export interface Page_RoomItem_ {
  items: RoomItem[];
  next_cursor?: string | null;
}
/**
 * `unread` and `mentions` are those of `/v1/me/unread`. `people` are all members of a direct
 * or group room, the caller too. `last_at`: when something was written last, or the caller came.
 */
export interface RoomItem {
  room_id: string;
  kind: RoomKind;
  state: RoomState;
  title: string;
  topic: string;
  role: RoomRole;
  unread: number;
  mentions: number;
  read_seq: number;
  head_seq: number;
  last_at: string;
  last_message?: LastMessageShown | null;
  people?: PersonShown[] | null;
  opens_at?: string | null;
  closes_at?: string | null;
}
export interface Page_RoomShown_ {
  items: RoomShown[];
  next_cursor?: string | null;
}
export interface Page_SanctionShown_ {
  items: SanctionShown[];
  next_cursor?: string | null;
}
/**
 * `until` is null for ever, `made_by` for who is no more.
 */
export interface SanctionShown {
  person: PersonShown;
  until?: string | null;
  reason: string;
  made_by?: PersonShown | null;
  at: string;
}
export interface Page_SessionShown_ {
  items: SessionShown[];
  next_cursor?: string | null;
}
/**
 * One device on which an account is logged in. `current` is the one that asks; `proved_by` is
 * what its log-in showed.
 */
export interface SessionShown {
  id: string;
  name: string;
  address: string;
  created_at: string;
  last_used_at: string;
  expires_at: string;
  current: boolean;
  proved_by: Method[];
}
export interface Page_TokenShown_ {
  items: TokenShown[];
  next_cursor?: string | null;
}
/**
 * `prefix` is how the token begins. `bot_id`: it is the token of a bot.
 */
export interface TokenShown {
  id: string;
  bot_id?: string | null;
  name: string;
  scopes: Scope[];
  prefix: string;
  created_at: string;
  expires_at: string;
  last_used_at?: string | null;
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
  avatar?: string | null;
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
/**
 * `recovery_codes` are there when it is the first second factor, and shown this once.
 */
export interface PasskeyAdded {
  id: string;
  name: string;
  created_at: string;
  last_used_at?: string | null;
  recovery_codes?: string[] | null;
}
/**
 * `challenge_id` came with the options.
 */
export interface PasskeyAnswer {
  challenge_id: string;
  credential: Credential;
}
/**
 * As `Login`, without an address: the passkey says whose it is.
 */
export interface PasskeyLogin {
  challenge_id: string;
  credential: Credential;
  cookie?: boolean;
  device?: string | null;
}
export interface PasskeyOptions {
  challenge_id: string;
  options: {
    [k: string]: unknown;
  };
}
export interface PasskeyShown {
  id: string;
  name: string;
  created_at: string;
  last_used_at?: string | null;
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
 * What is left out stays as it is.
 */
export interface PolicyChange {
  registration?: RegistrationMode | null;
  domains?: string[] | null;
}
/**
 * Who may make an account, and of which domains their addresses must be; empty: of any.
 */
export interface PolicyShown {
  registration: RegistrationMode;
  domains: string[];
}
/**
 * All of them. Without a `locale` a client takes the one of its system.
 */
export interface PreferencesBody {
  locale: string | null;
  theme: "system" | "light" | "dark";
  notifications: NotificationsBody;
}
/**
 * `nobody`: when one was last seen is neither shown nor kept.
 */
export interface Privacy {
  last_seen: LastSeenTo;
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
  /**
   * What the second half of a log-in shows.
   */
  challenge?: string;
  /**
   * What proves who one is.
   */
  methods?: string[];
}
/**
 * What is left out stays as it is.
 */
export interface Profile {
  name?: string | null;
}
/**
 * A provider at which one can log in.
 */
export interface ProviderShown {
  name: string;
  title: string;
}
/**
 * In the order in which they are offered.
 */
export interface ProvidersShown {
  providers: ProviderShown[];
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
 * Shown this once.
 */
export interface RecoveryCodes {
  recovery_codes: string[];
}
/**
 * Without a token the cookie is taken.
 */
export interface Refresh {
  refresh_token?: string | null;
}
/**
 * Address, password and name may be any text here: what is wrong with them is said in one go.
 *
 * `cookie`: keep the refresh token in a cookie instead of the answer. `owner_token` comes from the
 * link that the first start of a server shows, `invite` from an invitation's.
 */
export interface Registration {
  email: string;
  password: string;
  name: string;
  cookie?: boolean;
  device?: string | null;
  owner_token?: string | null;
  invite?: string | null;
}
/**
 * What a page has to know on which people make an account. `mail`: their address will have to
 * be proved.
 */
export interface RegistrationShown {
  mode: RegistrationMode;
  mail: boolean;
  domains: string[];
  providers: ProviderShown[];
}
/**
 * What is left out stays as it is. Null takes a password, a time or a limit away.
 *
 * `state` opens a room that is scheduled or closed, or closes it, at once; its times follow.
 */
export interface RoomChange {
  title?: string | null;
  topic?: string | null;
  state?: ("open" | "read_only" | "closed") | null;
  slow_mode_s?: number | null;
  password?: string | null;
  opens_at?: string | null;
  closes_at?: string | null;
  max_members?: number | null;
  purge_after_s?: number | null;
  is_locked?: boolean | null;
}
/**
 * An invitation as it is seen before it is accepted. `is_member`: one is in the room.
 */
export interface RoomInvitePreview {
  room: InvitedRoom;
  role: RoomRole;
  made_by: PersonShown;
  expires_at?: string | null;
  is_member: boolean;
}
/**
 * Who is in a room now: those who came first, and how many there are in all.
 *
 * `count=null`: that is not known yet. `states` has those of them who are not simply online.
 */
export interface RoomPresence {
  room_id: string;
  users: string[];
  count?: number | null;
  states: PersonPresence[];
}
/**
 * Exactly one of the two; a `code` is one of the app, or a recovery code.
 */
export interface SecondFactor {
  challenge: string;
  code?: string | null;
  passkey?: PasskeyAnswer | null;
}
/**
 * `passkeys_available`: whether browsers offer passkeys for this server's address.
 */
export interface SecondFactors {
  totp: boolean;
  recovery_codes_left: number;
  passkeys: PasskeyShown[];
  passkeys_available: boolean;
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
 * Exactly one of the three.
 */
export interface StepUp {
  password?: string | null;
  code?: string | null;
  passkey?: PasskeyAnswer | null;
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
/**
 * The only answer with the token itself.
 */
export interface TokenMade {
  id: string;
  bot_id?: string | null;
  name: string;
  scopes: Scope[];
  prefix: string;
  created_at: string;
  expires_at: string;
  last_used_at?: string | null;
  token: string;
}
/**
 * Without `expires_in_s` it lives as long as the server says.
 */
export interface TokenWanted {
  name: string;
  /**
   * @maxItems 8
   */
  scopes: Scope[];
  expires_in_s?: number | null;
}
/**
 * `uri` is for a QR code, `secret` for those who type it.
 */
export interface TotpOffered {
  secret: string;
  uri: string;
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
 * The same for an address that is new and for one that is taken.
 */
export interface VerificationSent {
  status: "verification_sent";
}
/**
 * What one wants to be seen as.
 */
export interface Wish {
  state: Chosen;
  status_text?: string | null;
}
