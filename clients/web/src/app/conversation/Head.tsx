import type { RefObject } from "react";
import { useAppState } from "#app/context.ts";
import { isUnknown } from "#app/conversation/Foot.tsx";
import { TimeAndTopic } from "#app/conversation/TimeAndTopic.tsx";
import { rosterOf, standingOf } from "#app/rooms/standing.ts";
import { pathOfDesk } from "#app/router.ts";
import { Anchor } from "#app/ui/Anchor.tsx";
import { BackToRooms } from "#app/ui/BackToRooms.tsx";
import { Icon } from "#app/ui/Icon.tsx";
import { PresenceDot, STANDING_WORDS } from "#app/ui/PresenceDot.tsx";
import { useServerTime } from "#app/ui/useServerTime.ts";
import { readerOf } from "#state/hearing.ts";
import type { Conversation } from "#state/model.ts";
import { titleOf } from "#state/roomlist.ts";
import { countOf } from "#state/roster.ts";
import type { Room } from "#wire/shapes.ts";

interface Props {
  readonly conversation: Conversation;
  /** What opens the members, to have the focus again when they are closed. */
  readonly opener: RefObject<HTMLButtonElement | null>;
  readonly isShowingMembers: boolean;
  readonly onMembers: () => void;
}

/** Where one is, what it is about, and who is there. */
export function Head({ conversation, opener, isShowingMembers, onMembers }: Props) {
  const { room, members, membersLoading, loading } = conversation;
  const roster = useAppState((state) => rosterOf(state, conversation.roster));
  const me = useAppState(readerOf);
  const known = membersLoading.phase === "ready" ? members : null;
  const count = countOf(roster, known);
  const title = isUnknown(loading) ? "No such room" : "Room";
  return (
    <div className="flex h-15 shrink-0 items-center gap-2 border-b border-line px-4 md:px-6">
      <BackToRooms />
      <div className="min-w-0 grow">
        <h1 tabIndex={-1} className="truncate text-lg leading-6 font-semibold outline-none">
          {room ? titleOf(room, me) : title}
        </h1>
        {room && <Subtitle room={room} />}
      </div>
      {room && <ToDesk room={room} />}
      {!isUnknown(loading) && (
        <button
          ref={opener}
          type="button"
          aria-expanded={isShowingMembers}
          onClick={onMembers}
          className={`-mr-2 flex h-10 shrink-0 pointer-coarse:h-11 items-center gap-2 rounded-lg px-2.5 text-sm hover:bg-hover hover:text-ink ${isShowingMembers ? "bg-hover text-ink" : "text-soft"}`}
        >
          <Icon name="people" />
          <span className="sr-only">Members{count !== null && ", "}</span>
          {count !== null && (
            <span className={`tabular-nums ${room?.kind === "direct" ? "sr-only" : ""}`}>
              {count.toLocaleString("en")}
              <span className="max-sm:sr-only"> online</span>
            </span>
          )}
        </button>
      )}
    </div>
  );
}

/** For those who look after the room. */
function ToDesk({ room: { id, kind, role } }: { readonly room: Room }) {
  const isOfPeople = kind === "direct" || kind === "group";
  if (isOfPeople || (role !== "owner" && role !== "admin")) return null;
  return (
    <Anchor
      to={pathOfDesk(id)}
      className="inline-flex size-10 shrink-0 pointer-coarse:size-11 items-center justify-center rounded-lg text-soft hover:bg-hover hover:text-ink"
    >
      <Icon name="gear" />
      <span className="sr-only">Look after this room</span>
    </Anchor>
  );
}

/** What a room is about, and how long one for guests is open; with one other person, how they are. */
function Subtitle({ room }: { readonly room: Room }) {
  const clock = useServerTime();
  const standing = useAppState((state) => standingOf(state, room));
  const words = useAppState((state) => statusTextOf(room, readerOf(state), state.presence));
  if (standing !== null && standing !== "unknown") {
    return (
      <p className="flex items-center gap-1.5 text-sm text-soft">
        <PresenceDot standing={standing} ring="stroke-page" />
        <span className="truncate">
          {STANDING_WORDS[standing]}
          {words !== "" && ` · ${words}`}
        </span>
      </p>
    );
  }
  const isOpen = room.state === "open" || room.state === "read_only";
  const until = room.kind === "guest" && isOpen ? room.closes_at : null;
  if (until === null && room.topic === "") return null;
  return <TimeAndTopic until={until} topic={room.topic} clock={clock} />;
}

function statusTextOf(
  { people }: Room,
  me: string,
  presence: Readonly<Record<string, { readonly status_text: string | null }>>,
): string {
  const other = people.find(({ id }) => id !== me);
  return (other && presence[other.id]?.status_text) ?? "";
}
