import { memo } from "react";
import type { Row } from "#app/conversation/list/rows.ts";
import { MessageItem } from "#app/conversation/message/MessageItem.tsx";
import { UnsentItem } from "#app/conversation/message/UnsentItem.tsx";
import { dayOf } from "#app/conversation/time.ts";

interface Props {
  readonly row: Row;
  /** The one that is reached with the key Tab. */
  readonly isActive: boolean;
  /** It is under the pointer. */
  readonly isHovered: boolean;
  readonly isEditing: boolean;
  /** Somebody has just jumped here. */
  readonly isLit: boolean;
}

export const RowView = memo(function RowView(props: Props) {
  const { row, isActive, isHovered, isEditing, isLit } = props;
  switch (row.type) {
    case "start":
      return (
        <p className="px-4 pt-8 pb-1 text-center text-sm text-soft">
          This is the beginning of the room.
        </p>
      );
    case "day":
      return (
        <h2 className="mx-4 mt-5 mb-2 flex items-center gap-3 text-xs font-semibold text-soft before:h-px before:grow before:bg-line after:h-px after:grow after:bg-line md:mx-6">
          {dayOf(row.time, Date.now())}
        </h2>
      );
    case "unread":
      return (
        <p className="mx-4 my-2 flex items-center gap-3 text-xs font-semibold text-accent before:h-px before:grow before:bg-accent/40 after:h-px after:grow after:bg-accent/40 md:mx-6">
          New
        </p>
      );
    case "message":
      return (
        <MessageItem
          message={row.message}
          lineKey={row.key}
          isFollowUp={row.isFollowUp}
          isActive={isActive}
          isHovered={isHovered}
          isEditing={isEditing}
          isLit={isLit}
        />
      );
    case "unsent":
      return (
        <UnsentItem
          item={row.item}
          lineKey={row.key}
          isFollowUp={row.isFollowUp}
          isActive={isActive}
        />
      );
  }
});
