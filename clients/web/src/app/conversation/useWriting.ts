import { useCallback, useMemo, useState } from "react";
import { useApp } from "#app/context.ts";
import { namesOf } from "#app/conversation/mentions.ts";
import type { RoomContext } from "#app/conversation/room.ts";
import type { Conversation } from "#state/model.ts";
import type { Message } from "#wire/shapes.ts";

interface Writing {
  /** What the lines of the room share. */
  readonly room: Omit<RoomContext, "jump">;
  /** The message that is being changed, by its id. */
  readonly editing: string | null;
  /** Change the newest message of the reader, if there is one. */
  readonly editLast: () => void;
}

/** What the list of messages and the place where one writes must know of each other. */
export function useWriting(roomId: string, conversation: Conversation, me: string): Writing {
  const { conversations } = useApp();
  const [edited, setEdited] = useState({ roomId, messageId: "" });
  const { members, timeline } = conversation;
  const role = conversation.gone === null ? (conversation.room?.role ?? null) : null;
  const names = useMemo(() => namesOf(members), [members]);

  const edit = useCallback(
    (message: Message | null) => {
      setEdited({ roomId, messageId: message?.id ?? "" });
      // Who has ended a change goes on to write.
      if (message === null) document.getElementById("message-box")?.focus();
    },
    [roomId],
  );
  const answer = useCallback(
    (message: Message) => conversations.answer(roomId, message),
    [conversations, roomId],
  );
  const room = useMemo(
    () => ({ roomId, me, role, names, edit, answer }),
    [roomId, me, role, names, edit, answer],
  );

  const editLast = useCallback(() => {
    const mine = ({ author, deleted_at }: Message) => author.id === me && deleted_at === null;
    const last = timeline.messages.findLast(mine);
    if (last) setEdited({ roomId, messageId: last.id });
  }, [timeline.messages, me, roomId]);

  const isHere = edited.roomId === roomId && edited.messageId !== "";
  return { room, editing: isHere ? edited.messageId : null, editLast };
}
