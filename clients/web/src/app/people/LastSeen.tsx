import { useCallback } from "react";
import { PeopleApi } from "#api/people.ts";
import { momentOf } from "#app/ui/moments.ts";
import { useApi } from "#app/ui/useApi.ts";
import { useLoad } from "#app/ui/useLoad.ts";

interface Props {
  readonly personId: string;
}

/** When somebody was last here; nothing while they are, or where that is not to be known. */
export function LastSeen({ personId }: Props) {
  const api = useApi(PeopleApi);
  const { value } = useLoad(useCallback(() => api.presence([personId]), [api, personId]));
  const seen = value?.find(({ person_id }) => person_id === personId);
  if (seen?.state !== "offline" || seen.last_seen === null) return null;
  return <span className="block">Last seen {momentOf(seen.last_seen)}</span>;
}
