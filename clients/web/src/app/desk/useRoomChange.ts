import { useState } from "react";
import { DeskApi, type RoomWish } from "#api/desk.ts";
import type { DeskProps } from "#app/desk/desk.ts";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";

/**
 * Change the room; `said` is for a `Saved` beside what was changed. `run` keeps a refusal in
 * `problem`, `change` throws it.
 */
export function useRoomChange({ kept, onChange }: Pick<DeskProps, "kept" | "onChange">) {
  const api = useApi(DeskApi);
  const [said, setSaid] = useState("");

  async function change(wish: RoomWish): Promise<void> {
    setSaid("");
    onChange(await api.change(kept.room.id, wish));
    setSaid("Saved.");
  }

  return { said, change, ...useAttempt(change) };
}
