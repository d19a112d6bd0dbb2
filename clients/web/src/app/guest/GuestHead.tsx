import type { RefObject } from "react";
import { useAppState } from "#app/context.ts";
import { TimeAndTopic } from "#app/conversation/TimeAndTopic.tsx";
import { ConnectionStatus } from "#app/rooms/ConnectionStatus.tsx";
import { rosterOf } from "#app/rooms/standing.ts";
import { Icon } from "#app/ui/Icon.tsx";
import { IconButton } from "#app/ui/IconButton.tsx";
import type { Conversation } from "#state/model.ts";
import { countOf } from "#state/roster.ts";
import type { GuestVisit } from "#state/visit.ts";
import type { Room } from "#wire/shapes.ts";

interface Props {
  readonly visit: GuestVisit;
  readonly room: Room;
  readonly conversation: Conversation;
  readonly opener: RefObject<HTMLButtonElement | null>;
  readonly isOver: boolean;
  readonly isShowingMembers: boolean;
  readonly onMembers: () => void;
  readonly onLeave: () => void;
}

/** Where the guest is, for how long still, who is there, and the way out. */
export function GuestHead(props: Props) {
  const { visit, room, conversation, opener, isOver, isShowingMembers } = props;
  const roster = useAppState((state) => rosterOf(state, conversation.roster));
  const until = isOver ? null : room.closes_at;
  const { members, membersLoading } = conversation;
  const count = countOf(roster, membersLoading.phase === "ready" ? members : null);
  return (
    <div className="flex h-15 shrink-0 items-center gap-1 border-b border-line pr-2 pl-4 md:pl-6">
      <div className="min-w-0 grow">
        <h1 className="truncate text-lg leading-6 font-semibold">{room.title}</h1>
        <TimeAndTopic until={until} topic={room.topic} clock={visit.now} />
      </div>
      {!isOver && <ConnectionStatus className="hidden px-2 md:flex" />}
      <button
        ref={opener}
        type="button"
        aria-expanded={isShowingMembers}
        onClick={props.onMembers}
        className="flex h-10 shrink-0 items-center justify-center pointer-coarse:h-11 pointer-coarse:min-w-11 gap-2 rounded-lg px-2.5 text-sm text-soft hover:bg-hover hover:text-ink"
      >
        <Icon name="people" />
        <span className="sr-only">Members{count !== null && ", "}</span>
        {count !== null && (
          <span className="tabular-nums">
            {count.toLocaleString("en")}
            <span className="max-sm:sr-only"> online</span>
          </span>
        )}
      </button>
      {!isOver && <IconButton icon="leave" label="Leave room" onClick={props.onLeave} />}
    </div>
  );
}
