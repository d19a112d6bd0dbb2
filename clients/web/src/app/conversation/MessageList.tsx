import { useCallback, useEffect, useMemo } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { MessageItem } from "#app/conversation/MessageItem.tsx";
import { type Names, namesOf } from "#app/conversation/mentions.ts";
import { type Row, rowsOf } from "#app/conversation/rows.ts";
import { dayOf } from "#app/conversation/time.ts";
import { UnsentItem } from "#app/conversation/UnsentItem.tsx";
import { useReading } from "#app/conversation/useReading.ts";
import { useScroll } from "#app/conversation/useScroll.ts";
import { Button } from "#app/ui/Button.tsx";
import { Hollow } from "#app/ui/Hollow.tsx";
import { Icon } from "#app/ui/Icon.tsx";
import { Skeleton } from "#app/ui/Skeleton.tsx";
import { readerOf } from "#state/hearing.ts";
import type { Conversation } from "#state/model.ts";

interface Props {
  readonly roomId: string;
  readonly conversation: Conversation;
}

export function MessageList({ roomId, conversation }: Props) {
  const { conversations } = useApp();
  const me = useAppState(readerOf);
  const outbox = useAppState((state) => state.outbox);
  const unsent = useMemo(() => outbox.filter((item) => item.room_id === roomId), [outbox, roomId]);
  const { timeline, unseen, loading, members, isShown } = conversation;
  const names = useMemo(() => namesOf(members), [members]);
  const { messages } = timeline;
  const rows = useMemo(() => rowsOf(messages, unseen ?? null, me), [messages, unseen, me]);
  const loadOlder = useCallback(() => conversations.loadOlder(roomId), [conversations, roomId]);
  const version = useMemo(() => ({ rows, unsent }), [rows, unsent]);
  const content = { first: messages[0]?.id, version, ownCount: unsent.length };
  const scroll = useScroll(content, loadOlder);
  const isReading = scroll.isAtEnd && loading.phase === "ready" && isShown;
  useReading(roomId, isReading, version);
  useEffect(() => {
    if (scroll.isAtEnd && messages.length > 0) conversations.trim(roomId);
  }, [conversations, roomId, scroll.isAtEnd, messages]);

  const isEmpty = rows.length === 0 && unsent.length === 0;
  return (
    <div className="relative flex min-h-0 grow basis-0 flex-col">
      <div
        ref={scroll.ref}
        role="log"
        aria-label="Messages"
        aria-busy={loading.phase === "loading" || timeline.isLoadingOlder}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable.
        tabIndex={0}
        onScroll={scroll.onScroll}
        className="flex grow flex-col overflow-y-auto overscroll-contain py-4 outline-offset-[-2px] [overflow-anchor:none]"
      >
        {isEmpty ? (
          <Nothing loading={loading} onRetry={() => conversations.retry(roomId)} />
        ) : (
          <>
            {loading.phase === "failed" && <Missing onRetry={() => conversations.retry(roomId)} />}
            <div className="grow" />
            {rows.map((row) => (
              <RowView
                key={row.key}
                row={row}
                roomId={roomId}
                role={conversation.room?.role ?? null}
                names={names}
              />
            ))}
            {unsent.map((item) => (
              <UnsentItem key={item.client_msg_id} item={item} names={names} />
            ))}
          </>
        )}
      </div>
      {timeline.isLoadingOlder && (
        <p className="pointer-events-none absolute inset-x-0 top-2 mx-auto w-fit rounded-full border border-line bg-raised px-3 py-1 text-xs text-soft shadow-float">
          Loading older messages
        </p>
      )}
      {!scroll.isAtEnd && <ToEnd onClick={scroll.toEnd} />}
    </div>
  );
}

interface RowProps {
  readonly row: Row;
  readonly roomId: string;
  readonly role: string | null;
  readonly names: Names;
}

function RowView({ row, roomId, role, names }: RowProps) {
  if (row.type === "day") {
    return (
      <h2 className="mx-4 mt-5 mb-2 flex items-center gap-3 text-xs font-semibold text-soft before:h-px before:grow before:bg-line after:h-px after:grow after:bg-line md:mx-6">
        {dayOf(row.time, Date.now())}
      </h2>
    );
  }
  if (row.type === "unread") {
    return (
      <p className="mx-4 my-2 flex items-center gap-3 text-xs font-semibold text-accent before:h-px before:grow before:bg-accent/40 after:h-px after:grow after:bg-accent/40 md:mx-6">
        New
      </p>
    );
  }
  return (
    <MessageItem
      message={row.message}
      isFollowUp={row.isFollowUp}
      roomId={roomId}
      role={role}
      names={names}
    />
  );
}

interface NothingProps {
  readonly loading: Conversation["loading"];
  readonly onRetry: () => void;
}

function Nothing({ loading, onRetry }: NothingProps) {
  if (loading.phase === "loading") return <Skeleton rows={6} label="Loading messages" />;
  if (loading.phase === "ready") {
    return <Hollow title="Nothing has been said here yet." />;
  }
  if (loading.problem.code === "not_found") {
    return <Hollow title="There is no such room, or it is not open to you." />;
  }
  return (
    <Hollow title={loading.problem.message}>
      <Button look="quiet" onClick={onRetry}>
        Try again
      </Button>
    </Hollow>
  );
}

/** There are messages, but not all: what came meanwhile could not be read. */
function Missing({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <p className="mx-4 mb-2 rounded-lg bg-danger-soft px-3.5 py-2 text-sm text-danger md:mx-6">
      Some messages could not be loaded.{" "}
      <button type="button" onClick={onRetry} className="font-semibold underline">
        Try again
      </button>
    </p>
  );
}

function ToEnd({ onClick }: { readonly onClick: () => void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="absolute right-4 bottom-3 flex h-9 items-center gap-1.5 rounded-full border border-line bg-raised pr-3.5 pl-2.5 text-sm font-medium shadow-float hover:bg-hover md:right-6"
    >
      <Icon name="down" className="size-4" />
      Newest
    </button>
  );
}
