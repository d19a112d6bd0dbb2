import { useId, useMemo } from "react";
import { useAppState } from "#app/context.ts";
import { oneLine } from "#app/conversation/text/plain.ts";
import { shortlyOf } from "#app/conversation/time.ts";
import { RoomPicture } from "#app/rooms/RoomPicture.tsx";
import { standingOf } from "#app/rooms/standing.ts";
import { pathOfRoom } from "#app/router.ts";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Icon, type IconName } from "#app/ui/Icon.tsx";
import { STANDING_WORDS } from "#app/ui/PresenceDot.tsx";
import { readerOf } from "#state/hearing.ts";
import type { Listed, State } from "#state/model.ts";
import { titleOf } from "#state/roomlist.ts";

interface Props {
  readonly listed: Listed;
  readonly isCurrent: boolean;
}

/** The server counts unread messages up to here. */
const MOST_COUNTED = 99;

export function RoomLink({ listed, isCurrent }: Props) {
  const { room, unread, mentions, last_at } = listed;
  const me = useAppState(readerOf);
  const standing = useAppState((state) => standingOf(state, room));
  const mark = useAppState((state) => (isCurrent ? null : markOf(state, room.id)));
  const noteId = useId();
  const isUnread = unread > 0 && !isCurrent;
  const isMentioned = isUnread && mentions > 0;
  const look = isCurrent ? "bg-accent-soft text-ink" : "text-soft hover:bg-hover hover:text-ink";
  const preview = usePreview(listed);
  const notes = [
    standing && standing !== "unknown" && STANDING_WORDS[standing],
    isMentioned && `${mentions} of them for you`,
    mark && MARKS[mark].words,
    preview,
  ].filter(Boolean);
  return (
    <Anchor
      to={pathOfRoom(room.id)}
      isCurrent={isCurrent}
      describedBy={notes.length > 0 ? noteId : undefined}
      className={`flex min-h-13 items-center gap-2.5 rounded-lg px-2.5 py-1.5 transition-colors ${look}`}
    >
      <RoomPicture room={room} standing={standing} />
      <span className="min-w-0 grow">
        <span className="flex items-baseline gap-2">
          <span className={`grow truncate ${isUnread ? "font-semibold text-ink" : ""}`}>
            {titleOf(room, me)}
          </span>
          {last_at !== null && preview !== "" && (
            <span aria-hidden="true" className="shrink-0 text-xs text-soft tabular-nums">
              {shortlyOf(last_at, Date.now())}
            </span>
          )}
        </span>
        {preview !== "" && (
          <span aria-hidden="true" className="block truncate text-xs text-soft">
            {preview}
          </span>
        )}
      </span>
      {mark && <Icon name={MARKS[mark].icon} className={`size-4 shrink-0 ${MARKS[mark].look}`} />}
      {isMentioned && (
        <span
          aria-hidden="true"
          className="min-w-5 rounded-full bg-danger px-1.5 text-center text-xs leading-5 font-semibold text-on-danger"
        >
          @
        </span>
      )}
      {isUnread && (
        <span className="min-w-6 rounded-full bg-accent px-1.5 text-center text-xs leading-5 font-semibold text-on-accent tabular-nums">
          {unread > MOST_COUNTED ? `${MOST_COUNTED}+` : unread}
          <span className="sr-only"> unread</span>
        </span>
      )}
      {notes.length > 0 && (
        <span id={noteId} hidden>
          {notes.join(", ")}
        </span>
      )}
    </Anchor>
  );
}

const NO_NAMES: ReadonlyMap<string, string> = new Map();

/** Who said what last; nothing of those whom the reader has blocked. */
function usePreview({ room, last }: Listed): string {
  const me = useAppState(readerOf);
  const isBlocked = useAppState((state) => last !== null && state.blocked.has(last.author.id));
  const words = useMemo(() => (last ? oneLine(last.content, NO_NAMES) : ""), [last]);
  if (!last || isBlocked || words === "") return "";
  if (last.author.id === me) return `You: ${words}`;
  return room.kind === "direct" ? words : `${last.author.name}: ${words}`;
}

/** What the reader left here: not written to the end, not sent, refused. */
type Mark = "draft" | "unsent" | "refused";

function markOf({ outbox, drafts }: State, roomId: string): Mark | null {
  const mine = outbox.filter((item) => item.room_id === roomId);
  if (mine.some(({ state }) => state === "failed")) return "refused";
  if (mine.some(({ state }) => state === "waiting")) return "unsent";
  return (drafts[roomId] ?? "").trim() === "" ? null : "draft";
}

const MARKS: Readonly<Record<Mark, { icon: IconName; words: string; look: string }>> = {
  draft: { icon: "edit", words: "has a draft", look: "" },
  unsent: { icon: "clock", words: "has messages that are not sent yet", look: "" },
  refused: { icon: "alert", words: "has a message that could not be sent", look: "text-danger" },
};
