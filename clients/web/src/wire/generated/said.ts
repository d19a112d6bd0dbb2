// Written by `make docs` from docs/schemas/chat.v1.said.json: change the models instead.

/**
 * What a client may say: any of these frames. Written by `make docs` from the models in services/gateway/frames/said.py.
 */
export type Said =
  | Auth
  | Ping
  | SendMessage
  | EditMessage
  | DeleteMessage
  | AddReaction
  | RemoveReaction
  | Read
  | SetPresence
  | Refresh
  | Resume
  | JoinRoom
  | LeaveRoom
  | Typing
  | Sync;

export interface Auth {
  type: "auth";
  ref: string;
  data?: AuthPart;
}
export interface AuthPart {
  token?: string | null;
  /**
   * @maxItems 200
   */
  resume?: Cursor[];
  /**
   * @maxItems 1
   */
  features?: "batch"[];
  client?: Client | null;
}
/**
 * How far a client has got in a room.
 */
export interface Cursor {
  room_id: string;
  seq: number;
  epoch: string;
}
export interface Client {
  name: string;
  version: string;
  platform: string;
}
export interface Ping {
  type: "ping";
  ref?: string | null;
  data?: PingPart;
}
export interface PingPart {}
export interface SendMessage {
  type: "send_message";
  ref: string;
  data: SendPart;
}
/**
 * `attachments` is there for clients that always send it: nothing can be attached yet.
 */
export interface SendPart {
  room_id: string;
  client_msg_id: string;
  content: string;
  reply_to?: string | null;
  thread_root?: string | null;
  /**
   * @maxItems 0
   */
  attachments?: string[];
}
export interface EditMessage {
  type: "edit_message";
  ref: string;
  data: EditPart;
}
export interface EditPart {
  room_id: string;
  message_id: string;
  content: string;
  expected_rev?: number | null;
}
export interface DeleteMessage {
  type: "delete_message";
  ref: string;
  data: MessagePart;
}
export interface MessagePart {
  room_id: string;
  message_id: string;
}
export interface AddReaction {
  type: "add_reaction";
  ref: string;
  data: ReactionPart;
}
export interface ReactionPart {
  room_id: string;
  message_id: string;
  emoji: string;
}
export interface RemoveReaction {
  type: "remove_reaction";
  ref: string;
  data: ReactionPart;
}
export interface Read {
  type: "read";
  ref?: string | null;
  data: ReadPart;
}
export interface ReadPart {
  room_id: string;
  seq: number;
}
export interface SetPresence {
  type: "set_presence";
  ref: string;
  data: PresencePart;
}
export interface PresencePart {
  state: "online" | "away" | "dnd" | "invisible";
  status_text?: string | null;
}
export interface Refresh {
  type: "refresh";
  ref: string;
  data: RefreshPart;
}
export interface RefreshPart {
  token: string;
}
export interface Resume {
  type: "resume";
  ref: string;
  data: ResumePart;
}
export interface ResumePart {
  /**
   * @maxItems 200
   */
  rooms: Cursor[];
}
export interface JoinRoom {
  type: "join_room";
  ref: string;
  data: JoinPart;
}
export interface JoinPart {
  room_id: string;
  after_seq?: number | null;
  epoch?: string | null;
}
export interface LeaveRoom {
  type: "leave_room";
  ref: string;
  data: RoomPart;
}
export interface RoomPart {
  room_id: string;
}
export interface Typing {
  type: "typing";
  ref?: string | null;
  data: TypingPart;
}
export interface TypingPart {
  room_id: string;
  is_typing: boolean;
}
export interface Sync {
  type: "sync";
  ref: string;
  data: SyncPart;
}
export interface SyncPart {
  room_id: string;
  after_seq: number;
  limit: number;
}
