import { useAppState } from "#app/context.ts";
import { Avatar } from "#app/ui/Avatar.tsx";
import { Icon, type IconName } from "#app/ui/Icon.tsx";
import { PresenceDot } from "#app/ui/PresenceDot.tsx";
import { readerOf } from "#state/hearing.ts";
import type { Standing } from "#state/roster.ts";
import type { Room } from "#wire/shapes.ts";

interface Props {
  readonly room: Room;
  readonly standing?: Standing | null;
}

/** What kind of room it is; of one with somebody, who that is and how they are. */
export function RoomPicture({ room, standing = null }: Props) {
  const me = useAppState(readerOf);
  const other = room.kind === "direct" ? room.people.find(({ id }) => id !== me) : undefined;
  return (
    <span className="relative inline-flex size-6 shrink-0 items-center justify-center">
      {other ? (
        <Avatar person={other} className="size-6 text-[0.625rem]" />
      ) : (
        <Icon name={ICONS[room.kind] ?? "lock"} className="size-4.5" />
      )}
      {standing && (
        <PresenceDot standing={standing} className="absolute -right-1 -bottom-1 size-3" />
      )}
    </span>
  );
}

const ICONS: Readonly<Record<string, IconName>> = {
  public: "room",
  direct: "person",
  group: "people",
  guest: "clock",
};
