import { type FormEvent, type KeyboardEvent, useMemo } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { isSendKey } from "#app/conversation/keys.ts";
import { namesOf, withIds } from "#app/conversation/mentions.ts";
import { useGrowing } from "#app/conversation/useGrowing.ts";
import { Icon } from "#app/ui/Icon.tsx";
import type { Member } from "#wire/shapes.ts";

interface Props {
  readonly roomId: string;
  readonly title: string;
  readonly members: readonly Member[];
}

/** From here on the number of letters left is shown. */
const COUNTDOWN_CHARS = 200;

export function Composer({ roomId, title, members }: Props) {
  const { conversations } = useApp();
  const mostChars = useAppState((state) => state.limits.content_chars);
  const text = useAppState((state) => state.drafts[roomId] ?? "");
  const ref = useGrowing(text);
  const names = useMemo(() => namesOf(members), [members]);
  const content = withIds(text.trim(), names);
  const left = mostChars - [...content].length;
  const isSendable = content !== "" && left >= 0;

  function change(changed: string): void {
    conversations.draft(roomId, changed);
    conversations.type(roomId, changed !== "");
  }

  function send(): void {
    if (!isSendable) return;
    conversations.send(roomId, content, null);
    conversations.draft(roomId, "");
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (!isSendKey(event)) return;
    event.preventDefault();
    send();
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    send();
    ref.current?.focus();
  }

  return (
    <form onSubmit={onSubmit} className="shrink-0 px-4 pb-4 md:px-6 md:pb-5">
      <div className="flex items-end gap-1.5 rounded-xl border border-edge bg-raised p-1.5 focus-within:border-accent">
        <textarea
          ref={ref}
          aria-label="Message"
          placeholder={`Message ${title}`}
          rows={1}
          value={text}
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
          className="max-h-48 min-h-9 grow resize-none bg-transparent px-2 py-1.5 outline-none placeholder:text-soft"
        />
        <SendButton isSendable={isSendable} />
      </div>
      {left < COUNTDOWN_CHARS && <LettersLeft left={left} />}
    </form>
  );
}

function SendButton({ isSendable }: { readonly isSendable: boolean }) {
  return (
    <button
      type="submit"
      disabled={!isSendable}
      className="inline-flex size-9 shrink-0 items-center justify-center rounded-lg bg-accent text-on-accent transition-colors hover:bg-accent-strong disabled:bg-transparent disabled:text-soft"
    >
      <Icon name="send" />
      <span className="sr-only">Send</span>
    </button>
  );
}

function LettersLeft({ left }: { readonly left: number }) {
  const isOver = left < 0;
  return (
    <p className={`mt-1 text-right text-xs tabular-nums ${isOver ? "text-danger" : "text-soft"}`}>
      {isOver ? `${-left} letters too many` : `${left} letters left`}
    </p>
  );
}
