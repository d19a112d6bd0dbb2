import { useEffect, useState } from "react";
import { type Door, EntryApi } from "#api/entry.ts";
import { useApp } from "#app/context.ts";

/** What is taken for granted until the server has said otherwise. */
const USUAL: Door = { mode: "open", hasMail: true, domains: [], providers: [] };

/** How one comes in here. Whoever cannot find out is told by what they try then. */
export function useDoor(): Door {
  const { ask } = useApp();
  const [door, setDoor] = useState(USUAL);
  useEffect(() => {
    let isWanted = true;
    new EntryApi(ask).door().then(
      (told) => isWanted && setDoor(told),
      () => null,
    );
    return () => {
      isWanted = false;
    };
  }, [ask]);
  return door;
}
