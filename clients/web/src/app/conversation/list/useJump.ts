import { useCallback, useEffect, useState } from "react";
import { useApp } from "#app/context.ts";
import type { Row } from "#app/conversation/list/rows.ts";
import type { Scroll } from "#app/conversation/list/useScroll.ts";
import type { Message } from "#wire/shapes.ts";

/** Long enough to find it with the eyes, in ms. */
const LIT_MS = 2_000;

interface Jump {
  /** Bring a message into sight, and light it for a moment. */
  readonly toMessage: (message: Message) => void;
  /** Bring the place of a seq into sight, which is not loaded. */
  readonly toSeq: (seq: number) => void;
  /** The id of the message that was jumped to a moment ago. */
  readonly lit: string | null;
}

export function useJump(roomId: string, rows: readonly Row[], scroll: Scroll): Jump {
  const { history } = useApp();
  const [lit, setLit] = useState<string | null>(null);
  const { toRow, waitFor } = scroll;

  useEffect(() => {
    if (lit === null) return;
    const timer = setTimeout(() => setLit(null), LIT_MS);
    return () => clearTimeout(timer);
  }, [lit]);

  const toSeq = useCallback(
    (seq: number) => {
      waitFor(seq);
      void history.loadAround(roomId, seq).then((isThere) => {
        if (!isThere) waitFor(null);
      });
    },
    [history, roomId, waitFor],
  );

  const toMessage = useCallback(
    (message: Message) => {
      const at = rows.findIndex((row) => row.type === "message" && row.message.id === message.id);
      if (at >= 0) toRow(at, "center");
      else toSeq(message.seq);
      setLit(message.id);
    },
    [rows, toRow, toSeq],
  );

  return { toMessage, toSeq, lit };
}
