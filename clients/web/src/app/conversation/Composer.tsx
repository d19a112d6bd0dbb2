import { type FormEvent, type KeyboardEvent, useMemo } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { Answering } from "#app/conversation/Answering.tsx";
import { isSendKey } from "#app/conversation/keys.ts";
import { namesOf, withIds } from "#app/conversation/mentions.ts";
import { useGrowing } from "#app/conversation/useGrowing.ts";
import { Icon } from "#app/ui/Icon.tsx";
import { spanOf } from "#app/ui/spans.ts";
import type { Member } from "#wire/shapes.ts";

interface Props {
  readonly roomId: string;
  readonly title: string;
  readonly members: readonly Member[];
  /** How long the reader waits after each message of theirs, in seconds. */
  readonly paceS: number;
  /** Change the last message of the reader instead of writing a new one. */
  readonly onEditLast: () => void;
}

/** From here on the number of letters left is shown. */
const COUNTDOWN_CHARS = 200;

export function Composer({ roomId, title, members, paceS, onEditLast }: Props) {
  const { conversations } = useApp();
  const mostChars = useAppState((state) => state.limits.content_chars);
  const text = useAppState((state) => state.drafts[roomId] ?? "");
  const answered = useAppState((state) => state.answers[roomId] ?? null);
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
    conversations.send(roomId, content, answered?.id ?? null);
    conversations.draft(roomId, "");
    conversations.answer(roomId, null);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (isSendKey(event)) send();
    else if (event.key === "Escape" && answered) conversations.answer(roomId, null);
    else if (event.key === "ArrowUp" && text === "") onEditLast();
    else return;
    event.preventDefault();
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    send();
    ref.current?.focus();
  }

  return (
    <form
      onSubmit={onSubmit}
      className="shrink-0 px-4 pb-[calc(env(safe-area-inset-bottom)+1rem)] md:px-6 md:pb-5"
    >
      <div className="rounded-xl border border-edge bg-raised focus-within:border-accent">
        {answered && (
          <Answering
            message={answered}
            names={names}
            onStop={() => conversations.answer(roomId, null)}
          />
        )}
        <div className="flex items-end gap-1.5 p-1.5">
          <textarea
            id="message-box"
            ref={ref}
            aria-label="Message"
            aria-describedby={paceS > 0 ? "message-pace" : undefined}
            placeholder={`Message ${title}`}
            dir="auto"
            rows={1}
            value={text}
            onChange={(event) => change(event.target.value)}
            onKeyDown={onKeyDown}
            className="max-h-48 min-h-10 grow resize-none bg-transparent px-2 py-2 pointer-coarse:min-h-11 pointer-coarse:py-2.5 outline-none placeholder:text-soft"
          />
          <SendButton isSendable={isSendable} />
        </div>
      </div>
      {paceS > 0 && (
        <p id="message-pace" className="mt-1 text-xs text-soft">
          After each message you wait {spanOf(paceS)}.
        </p>
      )}
      {left < COUNTDOWN_CHARS && <LettersLeft left={left} />}
    </form>
  );
}

function SendButton({ isSendable }: { readonly isSendable: boolean }) {
  return (
    <button
      type="submit"
      disabled={!isSendable}
      className="inline-flex size-10 shrink-0 pointer-coarse:size-11 items-center justify-center rounded-lg bg-accent text-on-accent transition-colors hover:bg-accent-strong disabled:bg-transparent disabled:text-soft"
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
