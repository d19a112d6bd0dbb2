import { useState } from "react";
import { useApp } from "#app/context.ts";
import { AddPeople } from "#app/conversation/AddPeople.tsx";
import { navigate, pathOfDesk, pathOfRoom } from "#app/router.ts";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Button } from "#app/ui/Button.tsx";
import { CopyField } from "#app/ui/CopyField.tsx";
import type { Conversation } from "#state/model.ts";

interface Props {
  readonly roomId: string;
  readonly conversation: Conversation;
}

/** What can be done about who is in. A direct room is its people, so nothing there. */
export function MembersFoot({ roomId, conversation: { room, members } }: Props) {
  const [isAdding, setIsAdding] = useState(false);
  if (!room?.role || room.kind === "direct" || room.kind === "group") return null;
  const mayAdd = room.kind === "private" && (room.role === "owner" || room.role === "admin");
  return (
    <div className="flex flex-col gap-2 border-t border-line p-3 pb-[calc(env(safe-area-inset-bottom)+0.75rem)]">
      {members.length === 1 && (
        <p className="text-sm text-soft">
          Nobody else is here yet. {room.kind === "public" && "Send this address to others:"}
        </p>
      )}
      {members.length === 1 && room.kind === "public" && (
        <CopyField
          label="Address of this room"
          value={`${window.location.origin}${pathOfRoom(roomId)}`}
        />
      )}
      <Anchor
        to={pathOfDesk(roomId, "members")}
        className="inline-flex min-h-10 items-center justify-center rounded-lg px-4 font-medium text-accent hover:bg-hover"
      >
        Search all members
      </Anchor>
      {mayAdd && <Button onClick={() => setIsAdding(true)}>Add people</Button>}
      <Leave roomId={roomId} />
      {isAdding && (
        <AddPeople roomId={roomId} members={members} onClose={() => setIsAdding(false)} />
      )}
    </div>
  );
}

function Leave({ roomId }: { readonly roomId: string }) {
  const { lobby } = useApp();
  const [isBusy, setIsBusy] = useState(false);

  async function leave(): Promise<void> {
    setIsBusy(true);
    const isOut = await lobby.leave(roomId);
    setIsBusy(false);
    if (isOut) navigate("/rooms");
  }

  return (
    <Button look="quiet" disabled={isBusy} onClick={() => void leave()}>
      Leave room
    </Button>
  );
}
