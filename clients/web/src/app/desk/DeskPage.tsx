import { type ComponentType, lazy, Suspense, useCallback, useEffect, useRef } from "react";
import { DeskApi, type KeptRoom, type Rights } from "#api/desk.ts";
import { useAppState } from "#app/context.ts";
import type { DeskProps } from "#app/desk/desk.ts";
import { DESK_SECTIONS, type DeskSection } from "#app/desk/sections.ts";
import { pathOfDesk, pathOfRoom } from "#app/router.ts";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Area } from "#app/ui/Area.tsx";
import { Fetched } from "#app/ui/Fetched.tsx";
import { Hollow } from "#app/ui/Hollow.tsx";
import { Icon } from "#app/ui/Icon.tsx";
import { Skeleton } from "#app/ui/Skeleton.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { type Loaded, useLoad } from "#app/ui/useLoad.ts";

interface Props {
  readonly roomId: string;
  /** Empty for the first one that there is. */
  readonly section: string;
}

/** Where a room is looked after: what one may not do there is not shown. */
export function DeskPage({ roomId, section }: Props) {
  const api = useApi(DeskApi);
  const room = useLoad(useCallback(() => api.room(roomId), [api, roomId]));
  const rights = useLoad(useCallback(() => api.rights(roomId), [api, roomId]));
  useFresh(roomId, room.reload, rights.reload);
  return (
    <main className="flex min-h-0 min-w-0 grow flex-col overflow-y-auto pt-[env(safe-area-inset-top)]">
      <div className="mx-auto w-full max-w-3xl px-4 pb-[calc(env(safe-area-inset-bottom)+2rem)] md:px-8 md:pt-6">
        <div className="flex h-15 items-center gap-2">
          <Anchor
            to={pathOfRoom(roomId)}
            className="-ml-2 inline-flex size-10 shrink-0 pointer-coarse:size-11 items-center justify-center rounded-lg text-soft hover:bg-hover"
          >
            <Icon name="back" />
            <span className="sr-only">Back to the room</span>
          </Anchor>
          <h1 className="truncate text-lg font-semibold tracking-tight md:text-2xl">
            {room.value?.room.title || "Room"}
          </h1>
        </div>
        <Fetched from={room} label="Loading the room" rows={5}>
          {(kept) => (
            <Fetched from={rights} label="Loading what you may do" rows={5}>
              {(allowed) => (
                <Sections kept={kept} rights={allowed} section={section} onChange={room.replace} />
              )}
            </Fetched>
          )}
        </Fetched>
      </div>
    </main>
  );
}

interface SectionsProps extends DeskProps {
  readonly section: string;
}

function Sections({ section, ...desk }: SectionsProps) {
  const { kept, rights } = desk;
  const offered = DESK_SECTIONS.filter(({ isFor }) => isFor(kept, rights));
  const shown = section === "" ? offered[0] : offered.find(({ id }) => id === section);
  if (!shown) {
    return (
      <Hollow title="There is nothing here for you.">
        <p className="text-sm text-soft">Only those who look after this room see it.</p>
      </Hollow>
    );
  }
  const Content = contentOf(shown);
  return (
    <>
      <nav aria-label="Desk" className="-mx-1 flex flex-wrap gap-1 border-b border-line pb-3">
        {offered.map(({ id, title }) => (
          <Anchor
            key={id}
            to={pathOfDesk(kept.room.id, id)}
            isCurrent={id === shown.id}
            className={`inline-flex min-h-10 items-center rounded-lg px-3 pointer-coarse:min-h-11 text-sm ${id === shown.id ? "bg-accent-soft font-medium" : "text-soft hover:bg-hover hover:text-ink"}`}
          >
            {title}
          </Anchor>
        ))}
      </nav>
      <Area key={shown.id} name="This section">
        <div className="pt-4">
          <Suspense fallback={<Skeleton rows={5} shape="card" label={`Loading ${shown.title}`} />}>
            <Content {...desk} />
          </Suspense>
        </div>
      </Area>
    </>
  );
}

/** Somebody else may change the room, or what the reader may do in it, while this is open. */
function useFresh(
  roomId: string,
  reloadRoom: Loaded<KeptRoom>["reload"],
  reloadRights: Loaded<Rights>["reload"],
): void {
  const room = useAppState((state) => state.rooms[roomId]?.room);
  const seen = useRef(room);
  useEffect(() => {
    const before = seen.current;
    seen.current = room;
    if (!before || !room || before === room) return;
    void reloadRoom();
    void reloadRights();
  }, [room, reloadRoom, reloadRights]);
}

const contents = new Map<string, ComponentType<DeskProps>>();

/** A lazy component must stay the same one, or its state is lost with every render. */
function contentOf({ id, load }: DeskSection): ComponentType<DeskProps> {
  const known = contents.get(id) ?? lazy(async () => ({ default: await load() }));
  contents.set(id, known);
  return known;
}
