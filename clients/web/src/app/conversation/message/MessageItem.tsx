import { memo, useState } from "react";
import { useApp } from "#app/context.ts";
import { Folded } from "#app/conversation/message/Folded.tsx";
import { Frame } from "#app/conversation/message/Frame.tsx";
import { MessageEditor } from "#app/conversation/message/MessageEditor.tsx";
import { MessageTools } from "#app/conversation/message/MessageTools.tsx";
import { Quote } from "#app/conversation/message/Quote.tsx";
import { Reactions } from "#app/conversation/message/Reactions.tsx";
import { useRoom } from "#app/conversation/room.ts";
import { MessageText } from "#app/conversation/text/MessageText.tsx";
import { clockOf, digitsOf, fullTimeOf } from "#app/conversation/time.ts";
import { LatePerson } from "#app/people/LatePerson.tsx";
import type { Message } from "#wire/shapes.ts";

interface Props {
  readonly message: Message;
  readonly lineKey: string;
  readonly isFollowUp: boolean;
  readonly isActive: boolean;
  readonly isHovered: boolean;
  readonly isEditing: boolean;
  readonly isLit: boolean;
}

export const MessageItem = memo(function MessageItem(props: Props) {
  const { message, lineKey, isFollowUp, isActive, isHovered, isEditing, isLit } = props;
  const { conversations, isGuest } = useApp();
  const { roomId, me, role, edit } = useRoom();
  const [isLookedAt, setIsLookedAt] = useState(false);
  const { author } = message;
  const isOthers = author.id !== me && author.kind !== "system";
  const mayLook = isOthers && !isGuest;
  const isDeleted = message.deleted_at !== null;
  const mayAct = role !== null && !isDeleted && !isEditing;
  const react = (emoji: string) => void conversations.react(roomId, message, emoji);
  return (
    <Frame
      author={author}
      label={`${author.name}, ${clockOf(message.created_at)}`}
      lineKey={lineKey}
      // An answer says to what above its text, and so who says it.
      isFollowUp={isFollowUp && message.reply_to === null}
      isActive={isActive}
      isHovered={isHovered}
      isLit={isLit}
      aside={
        <>
          {author.kind === "guest" && <span className="text-xs text-soft">guest</span>}
          <Time message={message} className="text-xs">
            {clockOf(message.created_at)}
          </Time>
        </>
      }
      onAuthor={mayLook ? () => setIsLookedAt(true) : null}
      margin={!isEditing && <MarginTime message={message} />}
      tools={(isShown) =>
        mayAct &&
        isShown && (
          <MessageTools
            message={message}
            onReact={react}
            onAuthor={mayLook ? () => setIsLookedAt(true) : null}
          />
        )
      }
    >
      <Folded authorId={author.id}>
        {message.reply_to !== null && !isDeleted && <Quote messageId={message.reply_to} />}
        {isEditing && !isDeleted ? (
          <MessageEditor message={message} onClose={() => edit(null)} />
        ) : (
          <Body message={message} />
        )}
        <Reactions message={message} isActive={isActive} onReact={role === null ? null : react} />
      </Folded>
      {isLookedAt && (
        <LatePerson person={author} roomId={roomId} onClose={() => setIsLookedAt(false)} />
      )}
    </Frame>
  );
});

function Body({ message }: { readonly message: Message }) {
  const { names, me } = useRoom();
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
function MarginTime({ message }: { readonly message: Message }) {
  return (
    <Time
      message={message}
      className="invisible block text-right text-[0.6875rem] leading-5.5 group-focus-within:visible group-hover:visible"
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
