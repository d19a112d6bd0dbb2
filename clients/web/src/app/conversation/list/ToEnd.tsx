import { useAppState } from "#app/context.ts";
import { Icon } from "#app/ui/Icon.tsx";

interface Props {
  readonly roomId: string;
  readonly onClick: () => void;
}

/** The way back to the end, with how much has come there meanwhile. */
export function ToEnd({ roomId, onClick }: Props) {
  const unread = useAppState((state) => state.rooms[roomId]?.unread ?? 0);
  return (
    <button
      type="button"
      aria-label={unread > 0 ? `Newest, ${unread} new` : "Newest"}
      onClick={onClick}
      className="absolute right-4 bottom-3 z-20 flex h-10 items-center gap-1.5 rounded-full border border-line bg-raised pr-3.5 pl-2.5 text-sm font-medium shadow-float hover:bg-hover md:right-6"
    >
      <Icon name="down" className="size-4" />
      Newest
      {unread > 0 && (
        <span className="rounded-full bg-accent px-1.5 text-xs leading-5 font-semibold text-on-accent tabular-nums">
          {unread} new
        </span>
      )}
    </button>
  );
}
