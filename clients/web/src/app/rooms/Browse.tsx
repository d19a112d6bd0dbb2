import { useCallback, useState } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { navigate, pathOfRoom } from "#app/router.ts";
import { Anchor } from "#app/ui/Anchor.tsx";
import { BackToRooms } from "#app/ui/BackToRooms.tsx";
import { Button } from "#app/ui/Button.tsx";
import { CopyField } from "#app/ui/CopyField.tsx";
import { Hollow } from "#app/ui/Hollow.tsx";
import { SearchBox } from "#app/ui/SearchBox.tsx";
import { Skeleton } from "#app/ui/Skeleton.tsx";
import { usePages } from "#app/ui/usePages.ts";
import type { Loading } from "#state/model.ts";
import type { Room } from "#wire/shapes.ts";

interface Props {
  readonly isShownOnPhone: boolean;
  readonly onCreate: () => void;
}

/** The public rooms of this server, to look into and to join. */
export function Browse({ isShownOnPhone, onCreate }: Props) {
  const [query, setQuery] = useState("");
  const { lobby } = useApp();
  const words = query.trim();
  const { items, loading, more, reload } = usePages(
    useCallback((cursor: string | null) => lobby.browse(words, cursor), [lobby, words]),
  );
  const results = { rooms: items, loading, isSearch: words !== "", more, onRetry: reload };
  return (
    <main
      className={`${isShownOnPhone ? "flex" : "hidden"} min-h-0 grow flex-col overflow-y-auto pt-[env(safe-area-inset-top)] md:flex`}
    >
      <div className="mx-auto flex w-full max-w-2xl grow flex-col px-4 pb-6 md:px-8 md:py-10">
        <div className="flex h-15 shrink-0 items-center gap-2 md:h-auto">
          <BackToRooms />
          <h1 className="text-lg font-semibold tracking-tight md:text-2xl">Public rooms</h1>
        </div>
        <p className="text-sm text-soft md:mt-1">Look in, and join what you like.</p>
        <SearchBox
          label="Search rooms"
          value={query}
          onChange={setQuery}
          className="mt-4 md:mt-5"
        />
        <Results {...results} onCreate={onCreate} />
        <Invitation />
      </div>
    </main>
  );
}

/** Nobody comes by themselves: what to send to those who should. */
function Invitation() {
  return (
    <section className="mt-auto pt-8">
      <h2 className="text-sm font-semibold">Invite others</h2>
      <p className="mt-0.5 mb-3 text-sm text-soft">
        Send them the address of this server. They register there and find the public rooms.
      </p>
      <CopyField label="Address of this server" value={window.location.origin} />
    </section>
  );
}

interface ResultsProps {
  readonly rooms: readonly Room[];
  readonly loading: Loading;
  readonly isSearch: boolean;
  /** Fetch the next page; null at the end. */
  readonly more: (() => void) | null;
  readonly onRetry: () => void;
  readonly onCreate: () => void;
}

function Results({ rooms, loading, isSearch, more, onRetry, onCreate }: ResultsProps) {
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
      <>
        <ul className="mt-5 flex shrink-0 flex-col divide-y divide-line overflow-hidden rounded-xl border border-line bg-raised">
          {rooms.map((room) => (
            <PublicRoom key={room.id} room={room} />
          ))}
        </ul>
        {more && (
          <Button look="quiet" className="mx-auto mt-4 shrink-0" onClick={more}>
            Show more
          </Button>
        )}
      </>
    );
  }
  if (loading.phase === "loading")
    return <Skeleton rows={4} shape="card" label="Loading public rooms" />;
  return (
    <Hollow title={isSearch ? "No room matches." : "There is no public room yet."}>
      <p className="text-sm text-soft">
        {isSearch
          ? "Try another word, or open a room for it."
          : "Open the first one and say hello."}
      </p>
      <Button onClick={onCreate}>Create a room</Button>
    </Hollow>
  );
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
        <Anchor
          to={pathOfRoom(room.id)}
          className="inline-flex min-h-10 shrink-0 items-center rounded-lg px-3 text-sm text-soft hover:bg-hover"
        >
          Joined
        </Anchor>
      ) : (
        <Button
          look="quiet"
          aria-label={`Join ${room.title}`}
          disabled={isBusy}
          onClick={() => void join()}
        >
          Join
        </Button>
      )}
    </li>
  );
}
