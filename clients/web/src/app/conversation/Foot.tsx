import { useState } from "react";
import { useApp } from "#app/context.ts";
import { Composer } from "#app/conversation/Composer.tsx";
import { Note } from "#app/conversation/Note.tsx";
import { paceOf, useSilence } from "#app/conversation/silence.ts";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Button } from "#app/ui/Button.tsx";
import type { Conversation, Loading } from "#state/model.ts";
import { titleOf } from "#state/roomlist.ts";
import type { Room } from "#wire/shapes.ts";

interface Props {
  readonly roomId: string;
  readonly conversation: Conversation;
  readonly me: string;
  /** Change the last message of the reader instead of writing a new one. */
  readonly onEditLast: () => void;
}

/** Where one writes, or why one cannot. */
export function Foot({ roomId, conversation, me, onEditLast }: Props) {
  const { room, gone, mute, loading, members } = conversation;
  const silence = useSilence(room, mute);
  if (isUnknown(loading)) return null;
  if (gone !== null) {
    return <Gone words={GONE[gone] ?? "You can no longer follow this room."} />;
  }
  if (!room) return <div className="h-13 shrink-0" />;
  if (room.role === null) return <LookingIn room={room} />;
  if (silence !== null) return <Note>{silence}</Note>;
  return (
    <Composer
      roomId={roomId}
      title={titleOf(room, me)}
      members={members}
      paceS={paceOf(room)}
      onEditLast={onEditLast}
    />
  );
}

/** The whole page says then that there is no such room. */
export function isUnknown(loading: Loading): boolean {
  return loading.phase === "failed" && loading.problem.code === "not_found";
}

const GONE: Readonly<Record<string, string>> = {
  left: "You have left this room.",
  removed: "You were removed from this room.",
  banned: "You were banned from this room.",
  deleted: "This room was deleted.",
  not_found: "There is no such room, or it is not open to you.",
};

function Gone({ words }: { readonly words: string }) {
  return (
    <Note>
      {words}
      <Anchor
        to="/rooms"
        className="inline-flex min-h-10 shrink-0 items-center rounded-lg px-3 font-medium text-accent hover:bg-hover"
      >
        To your rooms
      </Anchor>
    </Note>
  );
}

function LookingIn({ room }: { readonly room: Room }) {
  const { lobby } = useApp();
  const [isBusy, setIsBusy] = useState(false);

  async function join(): Promise<void> {
    setIsBusy(true);
    await lobby.join(room);
    setIsBusy(false);
  }

  return (
    <Note>
      You are looking in. Join to write.
      <Button disabled={isBusy} onClick={() => void join()}>
        Join
      </Button>
    </Note>
  );
}
