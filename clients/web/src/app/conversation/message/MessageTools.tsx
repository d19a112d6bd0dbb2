import { lazy, type MouseEvent, Suspense, useState } from "react";
import { useApp } from "#app/context.ts";
import { spoken } from "#app/conversation/mentions.ts";
import { DeleteQuestion } from "#app/conversation/message/DeleteQuestion.tsx";
import { EmojiChoice } from "#app/conversation/message/EmojiChoice.tsx";
import { QUICK } from "#app/conversation/message/emoji.ts";
import { useRoom } from "#app/conversation/room.ts";
import { CopyButton } from "#app/conversation/text/CopyButton.tsx";
import { IconButton } from "#app/ui/IconButton.tsx";
import type { Message } from "#wire/shapes.ts";

interface Props {
  readonly message: Message;
  readonly onReact: (emoji: string) => void;
  /** Look at its author; null where there is nothing to look at. */
  readonly onAuthor: (() => void) | null;
}

/** Few report, and not often: it comes when they do. */
const ReportDialog = lazy(async () => ({
  default: (await import("#app/conversation/message/ReportDialog.tsx")).ReportDialog,
}));

/** What can be done with a message. */
export function MessageTools({ message, onReact, onAuthor }: Props) {
  const { conversations } = useApp();
  const { roomId, names, me, role, edit, answer } = useRoom();
  const [opened, setOpened] = useState<"reactions" | "emoji" | "question" | "report" | null>(null);
  const isMine = message.author.id === me;
  const mayDelete = isMine || role === "owner" || role === "admin";
  const isReacting = opened === "reactions" || opened === "emoji";
  const close = () => setOpened(null);

  function react(emoji: string): void {
    close();
    onReact(emoji);
  }

  /** The button that is pressed goes away: who pressed it with a key stays at the message. */
  function reactAtOnce(emoji: string, { currentTarget, detail }: MouseEvent): void {
    const message = currentTarget.closest<HTMLElement>("article");
    react(emoji);
    if (detail === 0) message?.focus();
  }

  return (
    <>
      <div
        role="toolbar"
        aria-label="Message"
        className="absolute -top-5 right-4 z-10 flex rounded-lg pointer-coarse:-top-9 border border-line bg-raised shadow-float md:right-6"
      >
        {isReacting && <QuickReactions onReact={reactAtOnce} />}
        {isReacting && (
          <IconButton icon="plus" label="More emoji" onClick={() => setOpened("emoji")} />
        )}
        <IconButton
          icon={isReacting ? "close" : "smile"}
          label={isReacting ? "No reaction" : "Add reaction"}
          onClick={() => setOpened(isReacting ? null : "reactions")}
        />
        {!isReacting && (
          <>
            <IconButton icon="reply" label="Reply" onClick={() => answer(message)} />
            <CopyButton text={spoken(message.content, names)} label="Copy text" />
            {isMine && (
              <IconButton icon="edit" label="Edit message" onClick={() => edit(message)} />
            )}
            {onAuthor && (
              <IconButton icon="person" label={`About ${message.author.name}`} onClick={onAuthor} />
            )}
            {!isMine && (
              <IconButton icon="flag" label="Report message" onClick={() => setOpened("report")} />
            )}
            {mayDelete && (
              <IconButton
                icon="trash"
                label="Delete message"
                onClick={() => setOpened("question")}
              />
            )}
          </>
        )}
      </div>
      {opened === "emoji" && <EmojiChoice onChoose={react} onClose={close} />}
      {opened === "report" && (
        <Suspense fallback={null}>
          <ReportDialog message={message} onClose={close} />
        </Suspense>
      )}
      {opened === "question" && (
        <DeleteQuestion
          onClose={close}
          onDelete={() => void conversations.delete(roomId, message.id)}
        />
      )}
    </>
  );
}

interface QuickProps {
  readonly onReact: (emoji: string, event: MouseEvent) => void;
}

function QuickReactions({ onReact }: QuickProps) {
  return QUICK.map((emoji) => (
    <button
      key={emoji}
      type="button"
      aria-label={`React with ${emoji}`}
      className="h-10 w-9 rounded-lg text-lg hover:bg-hover"
      onClick={(event) => onReact(emoji, event)}
    >
      {emoji}
    </button>
  ));
}
