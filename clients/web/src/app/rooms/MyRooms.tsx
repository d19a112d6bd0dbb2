import { useMemo, useState } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { useCalm, useHeld } from "#app/rooms/calm.ts";
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
 * Rooms first, then people, each with what was active last on top. Nothing moves while somebody
 * points at the list or walks through it: it would lead into the wrong room.
 */
export function MyRooms({ roomId, onCreate }: Props) {
  const { lobby } = useApp();
  const loading = useAppState((state) => state.roomsLoading);
  const rooms = useAppState((state) => state.rooms);
  const me = useAppState(readerOf);
  const { isHeld, ref } = useHeld();
  const sorted = useMemo(() => inOrder(rooms, me).map(({ room }) => room.id), [rooms, me]);
  const order = useCalm(sorted, isHeld);
  const ordered = order.flatMap((id) => rooms[id] ?? []);
  const named = ordered.filter(({ room }) => !isOfPeople(room.kind));
  const direct = ordered.filter(({ room }) => isOfPeople(room.kind));

  if (ordered.length > 0) {
    return (
      <div ref={ref}>
        <Group title={direct.length > 0 ? "Rooms" : null} rooms={named} roomId={roomId} />
        <Group title="People" rooms={direct} roomId={roomId} />
      </div>
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

/** More are drawn when somebody wants to see them; Ctrl+K finds all. */
const MOST_SHOWN = 50;

function Group({ title, rooms, roomId }: GroupProps) {
  const [most, setMost] = useState(MOST_SHOWN);
  if (rooms.length === 0) return null;
  return (
    <section className="mb-3">
      {title !== null && (
        <h2 className="px-2.5 pt-1 pb-1.5 text-xs font-semibold text-soft">{title}</h2>
      )}
      <ul className="flex flex-col gap-0.5">
        {rooms.slice(0, most).map((listed) => (
          <li key={listed.room.id}>
            <RoomLink listed={listed} isCurrent={listed.room.id === roomId} />
          </li>
        ))}
      </ul>
      {rooms.length > most && (
        <button
          type="button"
          onClick={() => setMost(most + MOST_SHOWN)}
          className="mt-1 min-h-10 w-full rounded-lg px-2.5 text-left text-sm text-soft hover:bg-hover"
        >
          Show more of {rooms.length.toLocaleString("en")}
        </button>
      )}
    </section>
  );
}

function isOfPeople(kind: string): boolean {
  return kind === "direct" || kind === "group";
}
