import { useEffect, useRef, useState } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { MessageList } from "#app/conversation/list/MessageList.tsx";
import { Members } from "#app/conversation/Members.tsx";
import { Typing } from "#app/conversation/Typing.tsx";
import { useWriting } from "#app/conversation/useWriting.ts";
import { GuestFoot } from "#app/guest/GuestFoot.tsx";
import { GuestHead } from "#app/guest/GuestHead.tsx";
import { ConnectionBar } from "#app/rooms/ConnectionBar.tsx";
import { Area } from "#app/ui/Area.tsx";
import { Question } from "#app/ui/Question.tsx";
import { useDocumentTitle } from "#app/ui/useDocumentTitle.ts";
import { EMPTY_CONVERSATION } from "#state/model.ts";
import type { GuestVisit, Visit } from "#state/visit.ts";

interface Props {
  readonly visit: GuestVisit;
  readonly now: Extract<Visit, { phase: "inside" | "over" }>;
}

/** The one room of a guest; once the visit is over, what was said in it. */
export function GuestRoom({ visit, now }: Props) {
  const { conversations } = useApp();
  const { room, person } = now.guest;
  const known = useAppState((state) => state.conversations[room.id]);
  const conversation = known ?? EMPTY_CONVERSATION;
  const shown = conversation.room ?? room;
  const writing = useWriting(room.id, conversation, person.id);
  const [isShowingMembers, setIsShowingMembers] = useState(false);
  const [isLeaving, setIsLeaving] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const isOver = now.phase === "over";
  useDocumentTitle(`${shown.title} - Hubbub`);

  useEffect(() => {
    conversations.open(room.id);
    document.getElementById("message-box")?.focus();
  }, [conversations, room.id]);

  function closeMembers(): void {
    setIsShowingMembers(false);
    opener.current?.focus();
  }

  return (
    <div className="relative flex h-full min-h-0 min-w-0">
      <main className="flex min-w-0 grow flex-col pt-[env(safe-area-inset-top)]">
        <GuestHead
          visit={visit}
          room={shown}
          conversation={conversation}
          opener={opener}
          isOver={isOver}
          isShowingMembers={isShowingMembers}
          onMembers={() => setIsShowingMembers(!isShowingMembers)}
          onLeave={() => setIsLeaving(true)}
        />
        {!isOver && <ConnectionBar />}
        <Area name="This conversation">
          {conversation.isShown ? (
            <MessageList
              conversation={conversation}
              room={isOver ? { ...writing.room, role: null } : writing.room}
              editing={writing.editing}
            />
          ) : (
            <div className="grow" />
          )}
        </Area>
        <Typing conversation={conversation} me={person.id} />
        <GuestFoot visit={visit} now={now} room={shown} onEditLast={writing.editLast} />
      </main>
      {isShowingMembers && (
        <Members conversation={conversation} foot={null} onClose={closeMembers} />
      )}
      {isLeaving && !isOver && (
        <Question
          title="Leave this room?"
          yes="Leave"
          no="Stay"
          onYes={() => visit.leave()}
          onClose={() => setIsLeaving(false)}
        >
          What was said stays on this page until you close it. You may come in again while the room
          is open.
        </Question>
      )}
    </div>
  );
}
