import { type ReactNode, useEffect, useState } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { Composer } from "#app/conversation/Composer.tsx";
import { Members } from "#app/conversation/Members.tsx";
import { MessageList } from "#app/conversation/MessageList.tsx";
import { Typing } from "#app/conversation/Typing.tsx";
import { ConnectionStatus } from "#app/rooms/ConnectionStatus.tsx";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Icon } from "#app/ui/Icon.tsx";
import { readerOf } from "#state/hearing.ts";
import { type Conversation, EMPTY_CONVERSATION, type Loading } from "#state/model.ts";
import { titleOf } from "#state/roomlist.ts";
import { countOf } from "#state/roster.ts";

interface Props {
  readonly roomId: string;
}

export function ConversationPage({ roomId }: Props) {
  const { conversations } = useApp();
  const known = useAppState((state) => state.conversations[roomId]);
  const me = useAppState(readerOf);
  const [isShowingMembers, setIsShowingMembers] = useState(false);
  const conversation = known ?? EMPTY_CONVERSATION;

  useEffect(() => {
    conversations.open(roomId);
    return () => conversations.close(roomId);
  }, [conversations, roomId]);

  return (
    <div className="relative flex min-h-0 min-w-0 grow">
      <main className="flex min-w-0 grow flex-col">
        <Head
          conversation={conversation}
          me={me}
          isShowingMembers={isShowingMembers}
          onMembers={() => setIsShowingMembers(!isShowingMembers)}
        />
        <MessageList roomId={roomId} conversation={conversation} />
        <Typing conversation={conversation} me={me} />
        <Foot roomId={roomId} conversation={conversation} me={me} />
      </main>
      {isShowingMembers && (
        <Members
          roomId={roomId}
          conversation={conversation}
          onClose={() => setIsShowingMembers(false)}
        />
      )}
    </div>
  );
}

interface HeadProps {
  readonly conversation: Conversation;
  readonly me: string;
  readonly isShowingMembers: boolean;
  readonly onMembers: () => void;
}

function Head({ conversation, me, isShowingMembers, onMembers }: HeadProps) {
  const { room, roster, members, membersLoading, loading } = conversation;
  const known = membersLoading.phase === "ready" ? members : null;
  return (
    <div className="flex h-15 shrink-0 items-center gap-2 border-b border-line px-2 md:px-6">
      <Anchor
        to="/rooms"
        className="inline-flex size-9 shrink-0 items-center justify-center rounded-lg text-soft hover:bg-hover md:hidden"
      >
        <Icon name="back" />
        <span className="sr-only">Back to rooms</span>
      </Anchor>
      <div className="min-w-0 grow">
        <h1 className="truncate text-lg leading-6 font-semibold">
          {room ? titleOf(room, me) : "Room"}
        </h1>
        {room && room.topic !== "" && (
          <p className="hidden truncate text-sm text-soft md:block">{room.topic}</p>
        )}
        <ConnectionStatus className="md:hidden" />
      </div>
      {!isUnknown(loading) && (
        <button
          type="button"
          aria-expanded={isShowingMembers}
          onClick={onMembers}
          className="flex h-9 shrink-0 items-center gap-2 rounded-lg px-2.5 text-sm text-soft hover:bg-hover hover:text-ink"
        >
          <Icon name="people" />
          <span className="sr-only">Members, </span>
          <span className="tabular-nums">{countOf(roster, known)} online</span>
        </button>
      )}
    </div>
  );
}

interface FootProps {
  readonly roomId: string;
  readonly conversation: Conversation;
  readonly me: string;
}

/** Where one writes, or why one cannot. */
function Foot({ roomId, conversation, me }: FootProps) {
  const { room, gone, loading, members } = conversation;
  const { lobby } = useApp();
  const [isBusy, setIsBusy] = useState(false);
  if (isUnknown(loading)) return null;
  if (gone !== null) return <Note>{GONE[gone] ?? "You can no longer follow this room."}</Note>;
  if (!room) return null;
  if (room.role !== null) {
    return <Composer roomId={roomId} title={titleOf(room, me)} members={members} />;
  }

  async function join(): Promise<void> {
    if (!room) return;
    setIsBusy(true);
    await lobby.join(room);
    setIsBusy(false);
  }

  return (
    <Note>
      You are looking in.
      <Button disabled={isBusy} onClick={() => void join()}>
        Join
      </Button>
    </Note>
  );
}

/** The list of messages says already that there is no such room. */
function isUnknown(loading: Loading): boolean {
  return loading.phase === "failed" && loading.problem.code === "not_found";
}

const GONE: Readonly<Record<string, string>> = {
  left: "You have left this room.",
  removed: "You were removed from this room.",
  banned: "You were banned from this room.",
  deleted: "This room was deleted.",
  not_found: "There is no such room, or it is not open to you.",
};

function Note({ children }: { readonly children: ReactNode }) {
  return (
    <div className="mx-4 mb-4 flex min-h-13 shrink-0 items-center justify-between gap-3 rounded-xl border border-line bg-panel px-4 py-1.5 text-soft md:mx-6 md:mb-5">
      {children}
    </div>
  );
}
