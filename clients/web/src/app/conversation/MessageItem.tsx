import { memo, useState } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { MessageEditor } from "#app/conversation/MessageEditor.tsx";
import { MessageText } from "#app/conversation/MessageText.tsx";
import { MessageTools } from "#app/conversation/MessageTools.tsx";
import { Reactions } from "#app/conversation/Reactions.tsx";
import { clockOf, fullTimeOf } from "#app/conversation/time.ts";
import { Avatar } from "#app/ui/Avatar.tsx";
import { readerOf } from "#state/hearing.ts";
import type { Message } from "#wire/shapes.ts";

interface Props {
  readonly message: Message;
  readonly isFollowUp: boolean;
  readonly roomId: string;
  /** The reader's role in the room; null for who only looks in. */
  readonly role: string | null;
}

export const MessageItem = memo(function MessageItem(props: Props) {
  const { message, isFollowUp, roomId, role } = props;
  const { conversations } = useApp();
  const isMine = useAppState(readerOf) === message.author.id;
  const [isEditing, setIsEditing] = useState(false);
  const isDeleted = message.deleted_at !== null;

  return (
    <article
      // Focusable by touch, so that the tools can be reached without a pointer that hovers.
      tabIndex={-1}
      aria-label={`${message.author.name}, ${clockOf(message.created_at)}`}
      className={`group relative flex gap-3 px-4 outline-none hover:bg-hover/60 focus-within:bg-hover/60 md:px-6 ${isFollowUp ? "py-0.5" : "mt-2 pt-1 pb-0.5"}`}
    >
      <div className="w-9 shrink-0">
        {isFollowUp ? (
          <Time message={message} className="invisible leading-6 group-hover:visible" />
        ) : (
          <Avatar person={message.author} className="mt-0.5 size-9 text-sm" />
        )}
      </div>
      <div className="min-w-0 grow">
        {!isFollowUp && (
          <p className="flex items-baseline gap-2">
            <span className="truncate font-semibold">{message.author.name}</span>
            <Time message={message} />
          </p>
        )}
        {isEditing ? (
          <MessageEditor roomId={roomId} message={message} onClose={() => setIsEditing(false)} />
        ) : (
          <Body message={message} />
        )}
        <Reactions
          message={message}
          onReact={
            role === null ? null : (emoji) => void conversations.react(roomId, message, emoji)
          }
        />
      </div>
      {role !== null && !isDeleted && !isEditing && (
        <MessageTools
          roomId={roomId}
          message={message}
          isMine={isMine}
          mayDelete={isMine || role === "owner" || role === "admin"}
          onEdit={() => setIsEditing(true)}
        />
      )}
    </article>
  );
});

function Body({ message }: { readonly message: Message }) {
  if (message.deleted_at !== null) {
    return <p className="text-soft italic">This message was deleted.</p>;
  }
  return (
    <MessageText text={message.content}>
      {message.edited_at !== null && (
        <span title={fullTimeOf(message.edited_at)} className="ml-1.5 text-xs text-soft">
          (edited)
        </span>
      )}
    </MessageText>
  );
}

interface TimeProps {
  readonly message: Message;
  readonly className?: string;
}

function Time({ message, className = "" }: TimeProps) {
  return (
    <time
      dateTime={message.created_at}
      title={fullTimeOf(message.created_at)}
      className={`shrink-0 text-xs whitespace-nowrap text-soft tabular-nums ${className}`}
    >
      {clockOf(message.created_at)}
    </time>
  );
}
