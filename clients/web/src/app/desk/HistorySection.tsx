import { useCallback } from "react";
import { type Changed, DeskApi } from "#api/desk.ts";
import { sentenceOf } from "#app/desk/changes.ts";
import type { DeskProps } from "#app/desk/desk.ts";
import { Items } from "#app/settings/Items.tsx";
import { Listing } from "#app/ui/Listing.tsx";
import { momentOf } from "#app/ui/moments.ts";
import { useApi } from "#app/ui/useApi.ts";
import { usePages } from "#app/ui/usePages.ts";

/** Who changed what, the newest first. */
export function HistorySection({ kept }: DeskProps) {
  const { id } = kept.room;
  const api = useApi(DeskApi);
  const changes = usePages(
    useCallback((cursor: string | null) => api.changes(id, cursor), [api, id]),
  );
  return (
    <>
      <p className="max-w-xl pb-4 text-sm text-soft">
        Nobody can change or remove a line of it. It holds who, what and when, and nothing of what
        people write.
      </p>
      <Listing of={changes} label="Loading the history" none="Nothing was changed yet.">
        {(known) => (
          <Items>
            {known.map((change, number) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines are added at the end only.
              <ChangeItem key={number} change={change} />
            ))}
          </Items>
        )}
      </Listing>
    </>
  );
}

function ChangeItem({ change }: { readonly change: Changed }) {
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 px-3.5 py-2.5">
      <p className="min-w-0 grow basis-64">
        <bdi className="font-medium">{change.actor?.name ?? "Hubbub"}</bdi>{" "}
        <span className="wrap-anywhere">{sentenceOf(change)}</span>
      </p>
      <time dateTime={change.at} className="text-sm text-soft">
        {momentOf(change.at)}
      </time>
    </li>
  );
}
