import { useCallback } from "react";
import { DeskApi, type KeptRoom } from "#api/desk.ts";
import { useApp } from "#app/context.ts";
import { Item, Items } from "#app/settings/Items.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Fetched } from "#app/ui/Fetched.tsx";
import { momentOf } from "#app/ui/moments.ts";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useLoad } from "#app/ui/useLoad.ts";

/** Rooms of the reader that are deleted, as long as they can be had back. */
export function DeletedSection() {
  const { lobby } = useApp();
  const api = useApi(DeskApi);
  const deleted = useLoad(useCallback(() => api.deleted(), [api]));
  const { isBusy, problem, run } = useAttempt(async ({ room }: KeptRoom) => {
    await api.restore(room.id);
    await Promise.all([deleted.reload(), lobby.refresh()]);
  });
  return (
    <>
      <p className="max-w-xl pt-2 pb-4 text-sm text-soft">
        Rooms of yours that you have deleted. For a while you can have them back, with all that was
        said.
      </p>
      {problem && (
        <Alert>
          {problem.code === "title_taken"
            ? "You have another room of this title. Give that one another title first."
            : problem.message}
        </Alert>
      )}
      <Fetched from={deleted} label="Loading deleted rooms" rows={3}>
        {(known) =>
          known.length === 0 ? (
            <p className="text-sm text-soft">There is none.</p>
          ) : (
            <Items>
              {known.map((one) => (
                <Item
                  key={one.room.id}
                  title={one.room.title}
                  notes={one.purgeAt !== null && `Removed for good on ${momentOf(one.purgeAt)}`}
                  tools={
                    <Button look="quiet" disabled={isBusy} onClick={() => void run(one)}>
                      Restore<span className="sr-only"> {one.room.title}</span>
                    </Button>
                  }
                />
              ))}
            </Items>
          )
        }
      </Fetched>
    </>
  );
}
