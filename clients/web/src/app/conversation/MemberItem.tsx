import { type ReactNode, useState } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { LatePerson } from "#app/people/LatePerson.tsx";
import { navigate, pathOfRoom } from "#app/router.ts";
import { Avatar } from "#app/ui/Avatar.tsx";
import { IconButton } from "#app/ui/IconButton.tsx";
import { PresenceDot, STANDING_WORDS } from "#app/ui/PresenceDot.tsx";
import { readerOf } from "#state/hearing.ts";
import type { Standing } from "#state/roster.ts";
import type { Member, Person } from "#wire/shapes.ts";

interface Props {
  readonly roomId: string;
  readonly member: Member;
  readonly standing: Standing;
}

export function MemberItem({ roomId, member: { person, role }, standing }: Props) {
  const { isGuest } = useApp();
  const me = useAppState(readerOf);
  const words = useAppState((state) => state.presence[person.id]?.status_text ?? "");
  const [isLookedAt, setIsLookedAt] = useState(false);
  const mayLook = person.id !== me && !isGuest;
  const isOffline = standing === "offline";
  return (
    <li className="group flex min-h-11 items-center gap-2.5 rounded-lg px-2 hover:bg-hover">
      <span className="relative">
        <Avatar person={person} className={`size-8 text-xs ${isOffline ? "grayscale" : ""}`} />
        <PresenceDot standing={standing} className="absolute -right-1 -bottom-1 size-3.5" />
      </span>
      <span className={`min-w-0 grow text-sm ${isOffline ? "text-soft" : ""}`}>
        <Name onPress={mayLook ? () => setIsLookedAt(true) : null}>
          {person.name}
          {person.id === me && <span className="text-soft"> (you)</span>}
          <span className="sr-only">, {STANDING_WORDS[standing]}</span>
        </Name>
        {words !== "" && !isOffline && (
          <span className="block truncate text-xs text-soft">{words}</span>
        )}
      </span>
      {role !== "member" && <span className="shrink-0 text-xs text-soft">{role}</span>}
      {mayLook && person.kind === "user" && <TalkTo person={person} />}
      {isLookedAt && (
        <LatePerson person={person} roomId={roomId} onClose={() => setIsLookedAt(false)} />
      )}
    </li>
  );
}

interface NameProps {
  readonly onPress: (() => void) | null;
  readonly children: ReactNode;
}

function Name({ onPress, children }: NameProps) {
  if (!onPress) return <span className="block truncate">{children}</span>;
  return (
    <button
      type="button"
      onClick={onPress}
      className="block max-w-full truncate rounded py-1 text-left hover:underline"
    >
      {children}
    </button>
  );
}

/** Leads to the direct room with somebody; shown under the pointer, on touch, and to the keyboard. */
function TalkTo({ person }: { readonly person: Person }) {
  const { lobby } = useApp();

  async function open(): Promise<void> {
    const room = await lobby.talkTo(person);
    if (room) navigate(pathOfRoom(room.id));
  }

  return (
    <IconButton
      icon="send"
      label={`Write to ${person.name}`}
      className="-mr-1 pointer-fine:opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
      onClick={() => void open()}
    />
  );
}
