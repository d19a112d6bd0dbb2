import { type ReactNode, useMemo } from "react";
import { Virtualizer } from "virtua";
import { Line } from "#app/conversation/list/Line.tsx";
import { RowView } from "#app/conversation/list/RowView.tsx";
import type { Row } from "#app/conversation/list/rows.ts";
import { useHover } from "#app/conversation/list/useHover.ts";
import { useRoving } from "#app/conversation/list/useRoving.ts";
import type { Scroll, Sight } from "#app/conversation/list/useScroll.ts";

interface Props {
  readonly rows: readonly Row[];
  readonly sight: Sight;
  readonly scroll: Scroll;
  /** The message that is being changed, by its id. */
  readonly editing: string | null;
  /** The message that was jumped to. */
  readonly lit: string | null;
  readonly isBusy: boolean;
  /** What stands here while there are no rows. */
  readonly children: ReactNode;
}

/**
 * The height of a line that was never drawn, in pixels: rather more than most have. If it were less, the
 * lines that are new would seem to fit below the last one read, and the room would open at its end.
 */
const USUAL_HEIGHT = 64;

/**
 * The lines of a room. Only those in sight are drawn, so ten thousand are as quick as ten; the one
 * with the focus and the one that is being changed stay even out of sight. Since lines come and go
 * while one scrolls, the log itself is silent; what is new is announced beside it, once.
 */
export function Log({ rows, sight, scroll, editing, lit, isBusy, children }: Props) {
  const { ref, active, onKeyDown, onFocus, onBlur } = useRoving(rows, sight.last, scroll.toRow);
  const hovered = useHover(ref);
  const kept = useMemo(
    () =>
      rows.flatMap((row, at) =>
        row.key === active || (row.type === "message" && row.message.id === editing) ? [at] : [],
      ),
    [rows, active, editing],
  );
  return (
    <div
      ref={ref}
      role="log"
      aria-label="Messages"
      aria-live="off"
      aria-busy={isBusy}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
      onBlur={onBlur}
      className="flex grow flex-col overflow-x-hidden overflow-y-auto overscroll-contain [overflow-anchor:none]"
    >
      {children}
      {rows.length > 0 && (
        <>
          <div className="grow" />
          <Virtualizer
            key={scroll.generation}
            ref={scroll.ref}
            data={rows}
            itemSize={USUAL_HEIGHT}
            shift={scroll.isShifted}
            keepMounted={kept}
            item={Line}
            onScroll={scroll.onScroll}
            onResize={scroll.onResize}
          >
            {(row: Row) => (
              <RowView
                key={row.key}
                row={row}
                isActive={row.key === active}
                isHovered={row.key === hovered}
                isEditing={row.type === "message" && row.message.id === editing}
                isLit={row.type === "message" && row.message.id === lit}
              />
            )}
          </Virtualizer>
        </>
      )}
    </div>
  );
}
