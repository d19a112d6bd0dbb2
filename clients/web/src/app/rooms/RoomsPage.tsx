import { lazy, Suspense, useCallback, useState } from "react";
import { useAppState } from "#app/context.ts";
import { ConversationPage } from "#app/conversation/ConversationPage.tsx";
import { Browse } from "#app/rooms/Browse.tsx";
import { Keys } from "#app/rooms/Keys.tsx";
import { Sidebar } from "#app/rooms/Sidebar.tsx";
import { Switcher } from "#app/rooms/Switcher.tsx";
import type { Route } from "#app/router.ts";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Area } from "#app/ui/Area.tsx";
import { Hollow } from "#app/ui/Hollow.tsx";
import { useDocumentTitle } from "#app/ui/useDocumentTitle.ts";
import { useShortcuts } from "#app/ui/useShortcuts.ts";
import { readerOf } from "#state/hearing.ts";
import { titleOf, unreadIn } from "#state/roomlist.ts";

/** These few open, or not often: each comes when it is. */
const DeskPage = lazy(async () => ({
  default: (await import("#app/desk/DeskPage.tsx")).DeskPage,
}));
const InvitePage = lazy(async () => ({
  default: (await import("#app/invite/InvitePage.tsx")).InvitePage,
}));
const NewRoom = lazy(async () => ({
  default: (await import("#app/rooms/NewRoom.tsx")).NewRoom,
}));

interface Props {
  readonly route: Route;
}

/** What stands in front of the page; one at a time. */
type Front = "new room" | "switcher" | "keys" | null;

/** Rooms on the left, one of them on the right; a phone shows one of the two. */
export function RoomsPage({ route }: Props) {
  const [front, setFront] = useState<Front>(null);
  const close = useCallback(() => setFront(null), []);
  const create = useCallback(() => setFront("new room"), []);
  const jump = useCallback(() => setFront("switcher"), []);
  const help = useCallback(() => setFront("keys"), []);
  useShortcuts(jump, help);
  useTitle(route);
  return (
    <div className="flex h-full flex-col md:flex-row">
      <Area name="The list of rooms">
        <Sidebar route={route} onCreate={create} onJump={jump} onHelp={help} />
      </Area>
      <Area key={"roomId" in route ? route.roomId : route.page} name="This page">
        <Suspense fallback={<main className="grow" aria-busy="true" />}>
          <Page route={route} onCreate={create} />
        </Suspense>
      </Area>
      {front === "new room" && (
        <Suspense fallback={null}>
          <NewRoom onClose={close} />
        </Suspense>
      )}
      {front === "switcher" && <Switcher onClose={close} />}
      {front === "keys" && <Keys onClose={close} />}
    </div>
  );
}

interface PageProps {
  readonly route: Route;
  readonly onCreate: () => void;
}

function Page({ route, onCreate }: PageProps) {
  if (route.page === "room") return <ConversationPage roomId={route.roomId} />;
  if (route.page === "desk") {
    return <DeskPage key={route.roomId} roomId={route.roomId} section={route.section} />;
  }
  if (route.page === "invite") return <InvitePage key={route.code} code={route.code} />;
  if (route.page === "rooms" || route.page === "find") {
    return <Browse isShownOnPhone={route.page === "find"} onCreate={onCreate} />;
  }
  return (
    <main className="flex grow">
      <Hollow title="There is no such page." isPage>
        <p className="text-sm text-soft">The address may be cut off, or what was here has gone.</p>
        <Anchor to="/rooms" className="py-2 font-medium text-accent hover:underline">
          Back to your rooms
        </Anchor>
      </Hollow>
    </main>
  );
}

/** The number of unread messages and the room, where the browser shows its tabs. */
function useTitle(route: Route): void {
  const unread = useAppState((state) => unreadIn(state.rooms));
  const title = useAppState((state) => {
    if (route.page !== "room" && route.page !== "desk") return TITLES[route.page] ?? null;
    const room = (state.conversations[route.roomId] ?? state.rooms[route.roomId])?.room;
    return room ? titleOf(room, readerOf(state)) : null;
  });
  const count = unread > 0 ? `(${unread}) ` : "";
  useDocumentTitle(title === null ? `${count}Hubbub` : `${count}${title} - Hubbub`);
}

const TITLES: Readonly<Record<string, string>> = {
  find: "Find rooms",
  invite: "An invitation",
  unknown: "No such page",
};
