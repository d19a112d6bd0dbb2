import { useEffect } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { QuotedText } from "#app/conversation/message/QuotedText.tsx";
import { useRoom } from "#app/conversation/room.ts";
import { Icon } from "#app/ui/Icon.tsx";
import { messageIn } from "#state/timeline.ts";

/** What a message answers, in one line that leads there. */
export function Quote({ messageId }: { readonly messageId: string }) {
  const { history } = useApp();
  const { roomId, names, jump } = useRoom();
  const message = useAppState((state) => {
    const timeline = state.conversations[roomId]?.timeline;
    return timeline && messageIn(timeline, messageId);
  });
  const isUnknown = message === undefined;
  useEffect(() => {
    if (isUnknown) void history.loadAnswered(roomId, messageId);
  }, [history, roomId, messageId, isUnknown]);

  const look = "flex h-6 max-w-full items-center gap-1.5 text-sm text-soft";
  if (!message) {
    return (
      <p className={look}>
        <Icon name="reply" className="size-3.5 shrink-0" />
        {isUnknown ? "…" : "An earlier message"}
      </p>
    );
  }
  return (
    <button
      type="button"
      onClick={() => jump(message)}
      className={`${look} rounded hover:text-ink`}
    >
      <Icon name="reply" className="size-3.5 shrink-0" />
      <span className="sr-only">Answers </span>
      <QuotedText message={message} names={names} />
    </button>
  );
}
