import { useMemo } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { RoomLink } from "#app/rooms/RoomLink.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Skeleton } from "#app/ui/Skeleton.tsx";
import { readerOf } from "#state/hearing.ts";
import type { Listed } from "#state/model.ts";
import { inOrder } from "#state/roomlist.ts";

interface Props {
  readonly roomId: string | null;
  readonly onCreate: () => void;
}

/**
 * Rooms first, then people, each by name. What is unread is told by weight and number and does not
 * move up: a list that changes its order under the pointer leads into the wrong room. Ctrl+K has the
 * unread ones first.
 */
export function MyRooms({ roomId, onCreate }: Props) {
  const { lobby } = useApp();
  const loading = useAppState((state) => state.roomsLoading);
  const rooms = useAppState((state) => state.rooms);
  const me = useAppState(readerOf);
  const ordered = useMemo(() => inOrder(rooms, me), [rooms, me]);
  const named = ordered.filter(({ room }) => !isOfPeople(room.kind));
  const direct = ordered.filter(({ room }) => isOfPeople(room.kind));

  if (ordered.length > 0) {
    return (
      <>
        <Group title={direct.length > 0 ? "Rooms" : null} rooms={named} roomId={roomId} />
        <Group title="People" rooms={direct} roomId={roomId} />
      </>
    );
  }
  if (loading.phase === "loading") {
    return <Skeleton rows={6} shape="room" label="Loading your rooms" />;
  }
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
    <div className="flex flex-col items-start gap-3 px-2.5 py-4">
      <p className="text-sm text-soft">
        You are in no room yet. Join a public one, or open your own.
      </p>
      <Button look="quiet" onClick={onCreate}>
        Open a room
      </Button>
    </div>
  );
}

interface GroupProps {
  readonly title: string | null;
  readonly rooms: readonly Listed[];
  readonly roomId: string | null;
}

function Group({ title, rooms, roomId }: GroupProps) {
  if (rooms.length === 0) return null;
  return (
    <section className="mb-3">
      {title !== null && (
        <h2 className="px-2.5 pt-1 pb-1.5 text-xs font-semibold text-soft">{title}</h2>
      )}
      <ul className="flex flex-col gap-0.5">
        {rooms.map((listed) => (
          <li key={listed.room.id}>
            <RoomLink listed={listed} isCurrent={listed.room.id === roomId} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function isOfPeople(kind: string): boolean {
  return kind === "direct" || kind === "group";
}
