import { memo, useState } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { MessageEditor } from "#app/conversation/MessageEditor.tsx";
import { MessageText } from "#app/conversation/MessageText.tsx";
import { MessageTools } from "#app/conversation/MessageTools.tsx";
import type { Names } from "#app/conversation/mentions.ts";
import { Reactions } from "#app/conversation/Reactions.tsx";
import { clockOf, digitsOf, fullTimeOf } from "#app/conversation/time.ts";
import { Avatar } from "#app/ui/Avatar.tsx";
import { readerOf } from "#state/hearing.ts";
import type { Message } from "#wire/shapes.ts";

interface Props {
  readonly message: Message;
  readonly isFollowUp: boolean;
  readonly roomId: string;
  /** The reader's role in the room; null for who only looks in. */
  readonly role: string | null;
  readonly names: Names;
}

export const MessageItem = memo(function MessageItem(props: Props) {
  const { message, isFollowUp, roomId, role, names } = props;
  const { conversations } = useApp();
  const me = useAppState(readerOf);
  const isMine = me === message.author.id;
  const [isEditing, setIsEditing] = useState(false);
  const [isChoosing, setIsChoosing] = useState(false);
  const isDeleted = message.deleted_at !== null;

  return (
    <article
      // Focusable by touch, so that the tools can be reached without a pointer that hovers.
      tabIndex={-1}
      onMouseLeave={() => setIsChoosing(false)}
      aria-label={`${message.author.name}, ${clockOf(message.created_at)}`}
      className={`group relative flex gap-3 px-4 outline-none hover:bg-hover/60 focus-within:bg-hover/60 md:px-6 ${isFollowUp ? "py-0.5" : "mt-2 pt-1 pb-0.5"}`}
    >
      <div className="w-9 shrink-0">
        {isFollowUp ? (
          !isEditing && <GutterTime message={message} />
        ) : (
          <Avatar person={message.author} className="mt-0.5 size-9 text-sm" />
        )}
      </div>
      <div className="min-w-0 grow">
        {!isFollowUp && (
          <p className="flex items-baseline gap-2">
            <span className="truncate font-semibold">{message.author.name}</span>
            <Time message={message} className="text-xs">
              {clockOf(message.created_at)}
            </Time>
          </p>
        )}
        {isEditing ? (
          <MessageEditor
            roomId={roomId}
            message={message}
            names={names}
            onClose={() => setIsEditing(false)}
          />
        ) : (
          <Body message={message} names={names} me={me} />
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
          names={names}
          isMine={isMine}
          mayDelete={isMine || role === "owner" || role === "admin"}
          onEdit={() => setIsEditing(true)}
          isChoosing={isChoosing}
          onChoose={setIsChoosing}
        />
      )}
    </article>
  );
});

interface BodyProps {
  readonly message: Message;
  readonly names: Names;
  readonly me: string;
}

function Body({ message, names, me }: BodyProps) {
  if (message.deleted_at !== null) {
    return <p className="text-soft italic">This message was deleted.</p>;
  }
  return (
    <MessageText text={message.content} names={names} me={me}>
      {message.edited_at !== null && (
        <span title={fullTimeOf(message.edited_at)} className="ml-1.5 text-xs text-soft">
          (edited)
        </span>
      )}
    </MessageText>
  );
}

/** Beside a follow-up, while it is looked at. There is no room for more than the digits. */
function GutterTime({ message }: { readonly message: Message }) {
  return (
    <Time
      message={message}
      className="invisible block text-right text-[0.6875rem] leading-5.5 group-hover:visible"
    >
      {digitsOf(message.created_at)}
    </Time>
  );
}

interface TimeProps {
  readonly message: Message;
  readonly className: string;
  readonly children: string;
}

function Time({ message, className, children }: TimeProps) {
  return (
    <time
      dateTime={message.created_at}
      title={fullTimeOf(message.created_at)}
      className={`shrink-0 whitespace-nowrap text-soft tabular-nums ${className}`}
    >
      {children}
    </time>
  );
}
