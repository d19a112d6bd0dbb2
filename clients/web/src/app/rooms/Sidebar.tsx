import { useMemo, useState } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { ConnectionStatus } from "#app/rooms/ConnectionStatus.tsx";
import { NewRoom } from "#app/rooms/NewRoom.tsx";
import { RoomLink } from "#app/rooms/RoomLink.tsx";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Avatar } from "#app/ui/Avatar.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Icon } from "#app/ui/Icon.tsx";
import { IconButton } from "#app/ui/IconButton.tsx";
import { Logo } from "#app/ui/Logo.tsx";
import { Skeleton } from "#app/ui/Skeleton.tsx";
import { readerOf } from "#state/hearing.ts";
import { inOrder } from "#state/roomlist.ts";

interface Props {
  readonly roomId: string | null;
  readonly isShownOnPhone: boolean;
}

export function Sidebar({ roomId, isShownOnPhone }: Props) {
  const [isCreating, setIsCreating] = useState(false);
  return (
    <header
      className={`${isShownOnPhone ? "flex" : "hidden"} shrink-0 flex-col bg-panel md:flex md:h-full md:w-72 md:border-r md:border-line`}
    >
      <div className="flex h-15 shrink-0 items-center justify-between gap-2 px-4">
        <Anchor
          to="/rooms"
          className="flex items-center gap-2.5 rounded-lg"
          isCurrent={roomId === null}
        >
          <Logo />
          <span className="text-lg font-semibold tracking-tight">Hubbub</span>
        </Anchor>
        <IconButton icon="plus" label="New room" onClick={() => setIsCreating(true)} />
      </div>
      <Me />
      <nav aria-label="Rooms" className="grow px-2 py-3 md:min-h-0 md:overflow-y-auto md:pt-0">
        <FindRooms isCurrent={roomId === null} />
        <MyRooms roomId={roomId} onCreate={() => setIsCreating(true)} />
      </nav>
      {isCreating && <NewRoom onClose={() => setIsCreating(false)} />}
    </header>
  );
}

/** On a phone the public rooms stand below the list, so no link leads there. */
function FindRooms({ isCurrent }: { readonly isCurrent: boolean }) {
  const look = isCurrent ? "bg-accent-soft text-ink" : "text-soft hover:bg-hover hover:text-ink";
  return (
    <Anchor
      to="/rooms"
      isCurrent={isCurrent}
      className={`mb-2 hidden min-h-10 items-center gap-2.5 rounded-lg px-2.5 transition-colors md:flex ${look}`}
    >
      <Icon name="search" className="size-4.5 shrink-0" />
      Find rooms
    </Anchor>
  );
}

interface MyRoomsProps {
  readonly roomId: string | null;
  readonly onCreate: () => void;
}

function MyRooms({ roomId, onCreate }: MyRoomsProps) {
  const { lobby } = useApp();
  const loading = useAppState((state) => state.roomsLoading);
  const rooms = useAppState((state) => state.rooms);
  const me = useAppState(readerOf);
  const ordered = useMemo(() => inOrder(rooms, me), [rooms, me]);

  if (ordered.length > 0) {
    return (
      <ul className="flex flex-col gap-0.5">
        {ordered.map((listed) => (
          <li key={listed.room.id}>
            <RoomLink listed={listed} isCurrent={listed.room.id === roomId} />
          </li>
        ))}
      </ul>
    );
  }
  if (loading.phase === "loading") return <Skeleton rows={4} label="Loading your rooms" />;
  if (loading.phase === "failed") {
    return (
      <div className="flex flex-col items-start gap-3 px-2 py-4">
        <p className="text-sm text-soft">
          Your rooms could not be loaded. {loading.problem.message}
        </p>
        <Button look="quiet" onClick={() => void lobby.load()}>
          Try again
        </Button>
      </div>
    );
  }
  return (
    <div className="flex flex-col items-start gap-3 px-2 py-4">
      <p className="text-sm text-soft">
        You are in no room yet. Join a public one, or open your own.
      </p>
      <Button look="quiet" onClick={onCreate}>
        Open a room
      </Button>
    </div>
  );
}

/** Who is logged in, how the connection stands, and the way out. */
function Me() {
  const { account } = useApp();
  const who = useAppState((state) => state.account);
  if (who.phase !== "in") return null;
  return (
    <div className="flex shrink-0 items-center gap-2.5 border-y border-line px-4 py-3 md:order-last md:border-b-0 md:px-3">
      <Avatar person={who.user} className="size-8 text-xs" />
      <div className="min-w-0 grow">
        <p className="truncate text-sm font-medium">{who.user.name}</p>
        <ConnectionStatus />
      </div>
      <IconButton icon="leave" label="Log out" onClick={() => void account.logOut()} />
    </div>
  );
}
