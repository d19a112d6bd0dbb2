import { useAppState } from "#app/context.ts";
import { pathOfRoom } from "#app/router.ts";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Icon, type IconName } from "#app/ui/Icon.tsx";
import { readerOf } from "#state/hearing.ts";
import type { Listed } from "#state/model.ts";
import { titleOf } from "#state/roomlist.ts";

interface Props {
  readonly listed: Listed;
  readonly isCurrent: boolean;
}

const ICONS: Readonly<Record<string, IconName>> = {
  public: "room",
  direct: "person",
  group: "people",
};

/** The server counts unread messages up to here. */
const MOST_COUNTED = 99;

export function RoomLink({ listed: { room, unread, mentions }, isCurrent }: Props) {
  const me = useAppState(readerOf);
  const isUnread = unread > 0 && !isCurrent;
  const look = isCurrent ? "bg-accent-soft text-ink" : "text-soft hover:bg-hover hover:text-ink";
  return (
    <Anchor
      to={pathOfRoom(room.id)}
      isCurrent={isCurrent}
      className={`flex min-h-10 items-center gap-2.5 rounded-lg px-2.5 transition-colors ${look}`}
    >
      <Icon name={ICONS[room.kind] ?? "lock"} className="size-4.5 shrink-0" />
      <span className={`grow truncate ${isUnread ? "font-semibold text-ink" : ""}`}>
        {titleOf(room, me)}
      </span>
      {isUnread && (
        <span
          className={`min-w-6 rounded-full px-1.5 text-center text-xs leading-5 font-semibold tabular-nums ${mentions > 0 ? "bg-danger text-on-danger" : "bg-accent text-on-accent"}`}
        >
          {unread > MOST_COUNTED ? `${MOST_COUNTED}+` : unread}
          <span className="sr-only"> unread</span>
        </span>
      )}
    </Anchor>
  );
}
