import { useApp, useAppState } from "#app/context.ts";
import { MessageText } from "#app/conversation/MessageText.tsx";
import type { Names } from "#app/conversation/mentions.ts";
import { Avatar } from "#app/ui/Avatar.tsx";
import type { Unsent } from "#protocol/outbox.ts";

interface Props {
  readonly item: Unsent;
}

interface UnsentProps extends Props {
  readonly names: Names;
}

/** A message of the reader that the server has not yet taken. */
export function UnsentItem({ item, names }: UnsentProps) {
  const account = useAppState((state) => state.account);
  if (account.phase !== "in") return null;
  return (
    <article
      aria-label={`${account.user.name}, not sent yet`}
      className="mt-2 flex gap-3 px-4 py-1 md:px-6"
    >
      <Avatar person={account.user} className="mt-0.5 size-9 text-sm" />
      <div className="min-w-0 grow">
        <p className="font-semibold">{account.user.name}</p>
        <div className={item.state === "failed" ? "" : "opacity-60"}>
          <MessageText text={item.content} names={names} me={account.user.id} />
        </div>
        {item.state === "failed" ? <Failed item={item} /> : <Waiting item={item} />}
      </div>
    </article>
  );
}

function Waiting({ item }: Props) {
  const isConnected = useAppState((state) => state.status.kind === "connected");
  if (item.state === "accepted") return null;
  return (
    <p className="text-xs text-soft">{isConnected ? "Sending" : "Waiting for the connection"}</p>
  );
}

function Failed({ item }: Props) {
  const { conversations } = useApp();
  return (
    <p className="flex flex-wrap items-center gap-x-3 text-sm text-danger">
      <span>Not sent. {item.problem?.message}</span>
      <button
        type="button"
        className="font-semibold underline underline-offset-2"
        onClick={() => conversations.resend(item.client_msg_id)}
      >
        Try again
      </button>
      <button
        type="button"
        className="text-soft underline underline-offset-2"
        onClick={() => conversations.discard(item.client_msg_id)}
      >
        Discard
      </button>
    </p>
  );
}
