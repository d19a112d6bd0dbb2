import { useEffect } from "react";
import { useApp } from "#app/context.ts";

/** While the end of the room is in sight of a reader, what comes is read as it comes. */
export function useReading(roomId: string, isAtEnd: boolean, version: unknown): void {
  const { conversations } = useApp();

  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` stands for the content.
  useEffect(() => {
    if (!isAtEnd) return;
    const read = () => {
      if (document.visibilityState === "visible") conversations.read(roomId);
    };
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [conversations, roomId, isAtEnd, version]);
}
