import { Me } from "#app/rooms/Me.tsx";
import { MyRooms } from "#app/rooms/MyRooms.tsx";
import type { Route } from "#app/router.ts";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Icon } from "#app/ui/Icon.tsx";
import { IconButton } from "#app/ui/IconButton.tsx";
import { Logo } from "#app/ui/Logo.tsx";

interface Props {
  readonly route: Route;
  readonly onCreate: () => void;
  readonly onJump: () => void;
  readonly onHelp: () => void;
}

/** The rooms of the reader and the reader themselves; on a phone a page of its own. */
export function Sidebar({ route, onCreate, onJump, onHelp }: Props) {
  const isPage = route.page === "rooms";
  return (
    <header
      className={`${isPage ? "flex" : "hidden"} min-h-0 grow flex-col bg-panel pt-[env(safe-area-inset-top)] md:flex md:h-full md:w-72 md:shrink-0 md:grow-0 md:border-r md:border-line`}
    >
      {route.page === "room" && <SkipLink />}
      {isPage && <h1 className="sr-only md:hidden">Rooms</h1>}
      <div className="flex h-15 shrink-0 items-center gap-1 pr-2 pl-4 md:pr-3">
        <Anchor to="/rooms" className="mr-auto flex h-10 items-center gap-2.5 rounded-lg pr-2">
          <Logo />
          <span className="text-lg font-semibold tracking-tight">Hubbub</span>
        </Anchor>
        <IconButton icon="search" label="Jump to a room (Ctrl+K)" onClick={onJump} />
        <IconButton icon="plus" label="New room" onClick={onCreate} />
      </div>
      <Me onHelp={onHelp} />
      <nav
        aria-label="Rooms"
        className="min-h-0 grow overflow-y-auto overscroll-contain px-2 py-3 pb-[calc(env(safe-area-inset-bottom)+0.75rem)] md:pt-0"
      >
        <FindRooms page={route.page} />
        <MyRooms roomId={"roomId" in route ? route.roomId : null} onCreate={onCreate} />
      </nav>
    </header>
  );
}

/** A wide page shows the public rooms also where no room is open; a phone then shows the list. */
function FindRooms({ page }: { readonly page: Route["page"] }) {
  const isCurrent = page === "find" || page === "rooms";
  const current = page === "find" ? "bg-accent-soft text-ink" : "md:bg-accent-soft md:text-ink";
  return (
    <Anchor
      to="/find"
      isCurrent={isCurrent}
      className={`mb-2 flex min-h-11 items-center gap-2.5 rounded-lg px-2.5 transition-colors md:min-h-10 ${isCurrent ? current : "hover:bg-hover hover:text-ink"} text-soft`}
    >
      <span className="inline-flex size-6 items-center justify-center">
        <Icon name="compass" className="size-4.5" />
      </span>
      Find rooms
    </Anchor>
  );
}

/** For those who come by keyboard: past the list of rooms, to where one writes. */
function SkipLink() {
  return (
    <button
      type="button"
      onClick={() => document.getElementById("message-box")?.focus()}
      className="sr-only z-40 rounded-lg bg-accent px-4 py-2.5 font-medium text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
    >
      Skip to the message box
    </button>
  );
}
