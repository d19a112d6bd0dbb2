import { useEffect, useRef, useState } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { Foot } from "#app/conversation/Foot.tsx";
import { Head } from "#app/conversation/Head.tsx";
import { MessageList } from "#app/conversation/list/MessageList.tsx";
import { Members } from "#app/conversation/Members.tsx";
import { MembersFoot } from "#app/conversation/MembersFoot.tsx";
import { Typing } from "#app/conversation/Typing.tsx";
import { useWriting } from "#app/conversation/useWriting.ts";
import { ConnectionBar } from "#app/rooms/ConnectionBar.tsx";
import { Area } from "#app/ui/Area.tsx";
import { readerOf } from "#state/hearing.ts";
import { EMPTY_CONVERSATION } from "#state/model.ts";

interface Props {
  readonly roomId: string;
}

export function ConversationPage({ roomId }: Props) {
  const { conversations } = useApp();
  const known = useAppState((state) => state.conversations[roomId]);
  const me = useAppState(readerOf);
  const [isShowingMembers, setIsShowingMembers] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const conversation = known ?? EMPTY_CONVERSATION;
  const { room, editing, editLast } = useWriting(roomId, conversation, me);
  useFocusWhereOneWrites(conversation.room?.role != null);

  useEffect(() => {
    conversations.open(roomId);
    return () => conversations.close(roomId);
  }, [conversations, roomId]);

  function closeMembers(): void {
    setIsShowingMembers(false);
    opener.current?.focus();
  }

  return (
    <div className="relative flex min-h-0 min-w-0 grow">
      <main className="flex min-w-0 grow flex-col pt-[env(safe-area-inset-top)]">
        <Head
          conversation={conversation}
          opener={opener}
          isShowingMembers={isShowingMembers}
          onMembers={() => setIsShowingMembers(!isShowingMembers)}
        />
        <ConnectionBar />
        <Area name="This conversation">
          {conversation.isShown ? (
            <MessageList key={roomId} conversation={conversation} room={room} editing={editing} />
          ) : (
            <div className="grow" />
          )}
        </Area>
        <Typing conversation={conversation} me={me} />
        <Foot roomId={roomId} conversation={conversation} me={me} onEditLast={editLast} />
      </main>
      {isShowingMembers && (
        <Members
          conversation={conversation}
          foot={<MembersFoot roomId={roomId} conversation={conversation} />}
          onClose={closeMembers}
        />
      )}
    </div>
  );
}

/**
 * Who comes into a room wants to write. On a phone, where a keyboard would cover half of what they
 * came to read, the focus goes to the title; nobody who writes already is disturbed.
 */
function useFocusWhereOneWrites(mayWrite: boolean): void {
  useEffect(() => {
    if (document.activeElement?.closest("input, textarea, dialog")) return;
    const isPhone = !window.matchMedia("(pointer: fine)").matches;
    if (isPhone) document.querySelector<HTMLElement>("main h1")?.focus();
    else if (mayWrite) document.getElementById("message-box")?.focus();
  }, [mayWrite]);
}
