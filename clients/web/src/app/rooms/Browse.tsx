import { useCallback, useState } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { navigate, pathOfRoom } from "#app/router.ts";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Hollow } from "#app/ui/Hollow.tsx";
import { SearchBox } from "#app/ui/SearchBox.tsx";
import { Skeleton } from "#app/ui/Skeleton.tsx";
import { useSearch } from "#app/ui/useSearch.ts";
import type { Loading } from "#state/model.ts";
import type { Room } from "#wire/shapes.ts";

/** The public rooms of this server, to look into and to join. */
export function Browse() {
  const [query, setQuery] = useState("");
  const { lobby } = useApp();
  const find = useCallback((words: string) => lobby.browse(words), [lobby]);
  const { items, loading, retry } = useSearch(find, query.trim());
  return (
    <main className="flex grow flex-col md:overflow-y-auto">
      <div className="mx-auto flex w-full max-w-2xl grow flex-col px-4 py-6 md:px-8 md:py-10">
        <h1 className="text-2xl font-semibold tracking-tight">Public rooms</h1>
        <p className="mt-1 text-sm text-soft">Look in, and join what you like.</p>
        <SearchBox label="Search rooms" value={query} onChange={setQuery} className="mt-5" />
        <Results rooms={items} loading={loading} isSearch={query.trim() !== ""} onRetry={retry} />
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
