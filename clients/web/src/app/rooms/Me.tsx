import { useAppState } from "#app/context.ts";
import { ConnectionNote } from "#app/rooms/ConnectionNote.tsx";
import { ConnectionStatus } from "#app/rooms/ConnectionStatus.tsx";
import { LogOut } from "#app/rooms/LogOut.tsx";
import { Settings } from "#app/rooms/Settings.tsx";
import { Avatar } from "#app/ui/Avatar.tsx";
import { PresenceDot } from "#app/ui/PresenceDot.tsx";
import { usePopup } from "#app/ui/usePopup.ts";
import type { State } from "#state/model.ts";
import type { Standing } from "#state/roster.ts";

interface Props {
  readonly onHelp: () => void;
}

/** Who is logged in and how they want it, how the connection stands, and the way out. */
export function Me({ onHelp }: Props) {
  const who = useAppState((state) => state.account);
  const standing = useAppState(ownStanding);
  const popup = usePopup();
  if (who.phase !== "in") return null;
  return (
    <div
      ref={popup.ref}
      className="relative shrink-0 border-y border-line px-2 py-2 md:order-last md:border-b-0 md:pb-[calc(env(safe-area-inset-bottom)+0.5rem)]"
    >
      <div className="flex items-center gap-1">
        <button
          type="button"
          aria-expanded={popup.isOpen}
          onClick={popup.toggle}
          className="relative flex h-11 shrink-0 items-center rounded-lg px-2 hover:bg-hover"
        >
          <Avatar person={who.user} className="size-8 text-xs" />
          <PresenceDot standing={standing} className="absolute right-1 bottom-1 size-3.5" />
          <span className="sr-only">Your settings</span>
        </button>
        <div className="min-w-0 grow">
          <p className="truncate text-sm font-medium">{who.user.name}</p>
          <ConnectionStatus />
        </div>
        <LogOut />
      </div>
      <ConnectionNote />
      {popup.isOpen && <Settings onHelp={onHelp} onClose={popup.close} />}
    </div>
  );
}

/** As others see the reader; without a connection that is for others to say. */
function ownStanding({ status, chosen }: State): Standing {
  if (status.kind !== "connected") return "unknown";
  return chosen === "invisible" ? "offline" : chosen;
}
