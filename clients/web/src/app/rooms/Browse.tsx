import { useEffect, useState } from "react";
import { problemIn } from "#api/http.ts";
import { useApp, useAppState } from "#app/context.ts";
import { navigate, pathOfRoom } from "#app/router.ts";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Hollow } from "#app/ui/Hollow.tsx";
import { Icon } from "#app/ui/Icon.tsx";
import { Skeleton } from "#app/ui/Skeleton.tsx";
import { LOADING, type Loading, READY } from "#state/model.ts";
import type { Room } from "#wire/shapes.ts";

/** A word is searched for when its writer pauses so long. */
const PAUSE_MS = 250;

/** The public rooms of this server, to look into and to join. */
export function Browse() {
  const [query, setQuery] = useState("");
  const { rooms, loading, retry } = usePublicRooms(query.trim());
  return (
    <main className="flex grow flex-col md:overflow-y-auto">
      <div className="mx-auto flex w-full max-w-2xl grow flex-col px-4 py-6 md:px-8 md:py-10">
        <h1 className="text-2xl font-semibold tracking-tight">Public rooms</h1>
        <p className="mt-1 text-sm text-soft">Look in, and join what you like.</p>
        <div className="relative mt-5">
          <Icon
            name="search"
            className="pointer-events-none absolute top-3 left-3 size-5 text-soft"
          />
          <input
            type="search"
            aria-label="Search rooms"
            placeholder="Search rooms"
            className="h-11 w-full rounded-lg border border-edge bg-raised pr-3 pl-10.5 placeholder:text-soft"
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
        </div>
        <Results rooms={rooms} loading={loading} isSearch={query.trim() !== ""} onRetry={retry} />
      </div>
    </main>
  );
}

interface ResultsProps {
  readonly rooms: readonly Room[];
  readonly loading: Loading;
  readonly isSearch: boolean;
  readonly onRetry: () => void;
}

function Results({ rooms, loading, isSearch, onRetry }: ResultsProps) {
  if (loading.phase === "failed") {
    return (
      <Hollow title={loading.problem.message}>
        <Button look="quiet" onClick={onRetry}>
          Try again
        </Button>
      </Hollow>
    );
  }
  if (rooms.length > 0) {
    return (
      <ul className="mt-5 flex flex-col divide-y divide-line overflow-hidden rounded-xl border border-line bg-raised">
        {rooms.map((room) => (
          <PublicRoom key={room.id} room={room} />
        ))}
      </ul>
    );
  }
  if (loading.phase === "loading") return <Skeleton rows={3} label="Loading public rooms" />;
  return <Hollow title={isSearch ? "No room matches." : "There is no public room yet."} />;
}

function PublicRoom({ room }: { readonly room: Room }) {
  const { lobby } = useApp();
  const isMine = useAppState((state) => state.rooms[room.id] !== undefined);
  const [isBusy, setIsBusy] = useState(false);

  async function join(): Promise<void> {
    setIsBusy(true);
    const isIn = await lobby.join(room);
    setIsBusy(false);
    if (isIn) navigate(pathOfRoom(room.id));
  }

  return (
    <li className="flex items-center gap-3 px-4 py-3">
      <div className="min-w-0 grow">
        <Anchor to={pathOfRoom(room.id)} className="block truncate font-medium hover:underline">
          {room.title}
        </Anchor>
        {room.topic !== "" && <p className="truncate text-sm text-soft">{room.topic}</p>}
      </div>
      {isMine ? (
        <span className="shrink-0 text-sm text-soft">Joined</span>
      ) : (
        <Button look="quiet" disabled={isBusy} onClick={() => void join()}>
          Join
        </Button>
      )}
    </li>
  );
}

function usePublicRooms(query: string) {
  const { lobby } = useApp();
  const [rooms, setRooms] = useState<readonly Room[]>([]);
  const [loading, setLoading] = useState<Loading>(LOADING);
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again for the same.
  useEffect(() => {
    let isWanted = true;
    const search = async () => {
      try {
        const page = await lobby.browse(query);
        if (!isWanted) return;
        setRooms(page.items);
        setLoading(READY);
      } catch (error) {
        if (isWanted) setLoading({ phase: "failed", problem: problemIn(error) });
      }
    };
    const timer = setTimeout(() => void search(), query === "" ? 0 : PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [lobby, query, attempt]);

  return { rooms, loading, retry: () => setAttempt((before) => before + 1) };
}
