import { useEffect } from "react";
import { useAppState } from "#app/context.ts";
import { ConversationPage } from "#app/conversation/ConversationPage.tsx";
import { Browse } from "#app/rooms/Browse.tsx";
import { Sidebar } from "#app/rooms/Sidebar.tsx";
import type { Route } from "#app/router.ts";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Hollow } from "#app/ui/Hollow.tsx";
import { readerOf } from "#state/hearing.ts";
import { titleOf, unreadIn } from "#state/roomlist.ts";

interface Props {
  readonly route: Route;
}

/** Rooms on the left, one of them on the right; a phone shows one of the two. */
export function RoomsPage({ route }: Props) {
  const roomId = route.page === "room" ? route.roomId : null;
  useTitle(roomId);
  const isList = route.page === "rooms";
  return (
    <div className="flex h-full flex-col overflow-y-auto md:flex-row md:overflow-hidden">
      <Sidebar roomId={roomId} isShownOnPhone={isList} />
      {roomId !== null && <ConversationPage key={roomId} roomId={roomId} />}
      {isList && <Browse />}
      {route.page === "unknown" && (
        <main className="flex grow">
          <Hollow title="There is no such page.">
            <Anchor to="/rooms" className="font-medium text-accent hover:underline">
              Back to your rooms
            </Anchor>
          </Hollow>
        </main>
      )}
    </div>
  );
}

/** The number of unread messages and the room, where the browser shows its tabs. */
function useTitle(roomId: string | null): void {
  const unread = useAppState((state) => unreadIn(state.rooms));
  const title = useAppState((state) => {
    const room = roomId === null ? null : state.conversations[roomId]?.room;
    return room ? titleOf(room, readerOf(state)) : null;
  });
  useEffect(() => {
    const count = unread > 0 ? `(${unread}) ` : "";
    document.title = title === null ? `${count}Hubbub` : `${count}${title} · Hubbub`;
  }, [unread, title]);
}
