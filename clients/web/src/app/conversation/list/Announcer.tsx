import { useEffect, useRef, useState } from "react";
import { useAppState } from "#app/context.ts";
import { spoken } from "#app/conversation/mentions.ts";
import { useRoom } from "#app/conversation/room.ts";
import type { Timeline } from "#state/timeline.ts";

/** Longer ones are read in the list. */
const MOST_CHARS = 200;

/** Says aloud what others write, once, when it comes; never what somebody scrolls to. */
export function Announcer({ timeline }: { readonly timeline: Timeline }) {
  const { me, names } = useRoom();
  const blocked = useAppState((state) => state.blocked);
  const { origin, newer, messages } = timeline;
  const last = messages.at(-1);
  const before = useRef({ origin, newer, seq: last?.seq ?? 0 });
  const [sentence, setSentence] = useState("");

  useEffect(() => {
    const was = before.current;
    before.current = { origin, newer, seq: last?.seq ?? 0 };
    if (!last || was.origin !== origin || was.newer !== null || last.seq <= was.seq) return;
    if (last.author.id === me || blocked.has(last.author.id)) return;
    setSentence(`${last.author.name}: ${spoken(last.content, names).slice(0, MOST_CHARS)}`);
  }, [origin, newer, last, me, names, blocked]);

  return (
    <p aria-live="polite" className="sr-only">
      {sentence}
    </p>
  );
}
