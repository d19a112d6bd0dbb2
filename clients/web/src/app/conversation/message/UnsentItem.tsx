import { useApp, useAppState } from "#app/context.ts";
import { spoken } from "#app/conversation/mentions.ts";
import { Frame } from "#app/conversation/message/Frame.tsx";
import { Quote } from "#app/conversation/message/Quote.tsx";
import { useRoom } from "#app/conversation/room.ts";
import { paceOf } from "#app/conversation/silence.ts";
import { MessageText } from "#app/conversation/text/MessageText.tsx";
import { Icon } from "#app/ui/Icon.tsx";
import type { Unsent } from "#protocol/outbox.ts";

interface Props {
  readonly item: Unsent;
}

interface UnsentProps extends Props {
  readonly lineKey: string;
  readonly isFollowUp: boolean;
  readonly isActive: boolean;
}

/** A message of the reader that the server has not yet taken, as high as it will be then. */
export function UnsentItem({ item, lineKey, isFollowUp, isActive }: UnsentProps) {
  const account = useAppState((state) => state.account);
  const { names, me } = useRoom();
  if (account.phase !== "in") return null;
  const isFailed = item.state === "failed";
  return (
    <Frame
      author={account.user}
      label={`${account.user.name}, not sent yet`}
      lineKey={lineKey}
      isFollowUp={isFollowUp && item.reply_to === null}
      isActive={isActive}
      aside={<Waiting item={item} />}
      margin={<WaitingMark item={item} />}
    >
      {item.reply_to !== null && <Quote messageId={item.reply_to} />}
      <div className={isFailed ? "" : "opacity-65"}>
        <MessageText text={item.content} names={names} me={me} />
      </div>
      {isFailed && <Failed item={item} />}
    </Frame>
  );
}

/** Why it waits; nothing for one that is taken or failed. */
function useWaiting({ state, room_id }: Unsent): string | null {
  const isConnected = useAppState((state) => state.status.kind === "connected");
  const room = useAppState((state) => state.conversations[room_id]?.room);
  if (state !== "waiting") return null;
  if (!isConnected) return "Waiting for the connection";
  return room && paceOf(room) > 0 ? "Waiting for its turn" : "Sending";
}

function Waiting({ item }: Props) {
  const reason = useWaiting(item);
  return reason === null ? null : <span className="truncate text-xs text-soft">{reason}</span>;
}

function WaitingMark({ item }: Props) {
  const reason = useWaiting(item);
  if (reason === null) return null;
  return (
    <span title={reason} className="flex justify-end pt-1 text-soft">
      <Icon name="clock" className="size-3.5" />
      <span className="sr-only">{reason}</span>
    </span>
  );
}

const LINK = "inline-flex items-center underline underline-offset-2 pointer-coarse:min-h-10";

function Failed({ item }: Props) {
  const { conversations, store } = useApp();
  const { roomId, names, role } = useRoom();

  /** Its text is written again; a draft that stands there already comes behind it. */
  function editAgain(): void {
    const draft = store.get().drafts[roomId] ?? "";
    const text = spoken(item.content, names);
    conversations.discard(item.client_msg_id);
    conversations.draft(roomId, draft === "" ? text : `${text}\n${draft}`);
    document.getElementById("message-box")?.focus();
  }

  return (
    <div className="text-sm">
      <p className="flex gap-1.5 text-danger">
        <Icon name="alert" className="mt-0.5 size-4 shrink-0" />
        Not sent. {item.problem?.message}
      </p>
      <div hidden={role === null} className="flex gap-4">
        <button
          type="button"
          className={`${LINK} font-semibold text-danger`}
          onClick={() => conversations.resend(item.client_msg_id)}
        >
          Try again
        </button>
        <button type="button" className={`${LINK} text-soft`} onClick={editAgain}>
          Edit
        </button>
        <button
          type="button"
          className={`${LINK} text-soft`}
          onClick={() => conversations.discard(item.client_msg_id)}
        >
          Discard
        </button>
      </div>
    </div>
  );
}
