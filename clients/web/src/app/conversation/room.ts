/** What all lines of a room share. */

import { createContext, use } from "react";
import type { Names } from "#app/conversation/mentions.ts";
import type { Message } from "#wire/shapes.ts";

export interface RoomContext {
  readonly roomId: string;
  /** The reader's id. */
  readonly me: string;
  /** The reader's role in the room; null for who only looks in. */
  readonly role: string | null;
  readonly names: Names;
  /** Begin to change a message; null ends it. */
  readonly edit: (message: Message | null) => void;
  /** Write an answer to a message. */
  readonly answer: (message: Message) => void;
  /** Bring a message into sight, wherever in the room it is. */
  readonly jump: (message: Message) => void;
}

export const RoomContext = createContext<RoomContext | null>(null);

export function useRoom(): RoomContext {
  const room = use(RoomContext);
  if (!room) throw new Error("no RoomContext above this component");
  return room;
}
