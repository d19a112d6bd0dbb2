import { useCallback, useState } from "react";
import { type Queue, type Report, ReportsApi } from "#api/reports.ts";
import { ReportItem } from "#app/desk/reports/ReportItem.tsx";
import { Listing } from "#app/ui/Listing.tsx";
import { Select } from "#app/ui/Select.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { usePages } from "#app/ui/usePages.ts";

interface Props {
  /** Null for all rooms of this server. */
  readonly roomId: string | null;
}

const QUEUES = [
  ["open", "That wait"],
  ["closed", "That were decided"],
] as const;

/** Messages that somebody reported, and what is done about them. */
export function ReportQueue({ roomId }: Props) {
  const api = useApi(ReportsApi);
  const [queue, setQueue] = useState<Queue>("open");
  const reports = usePages(
    useCallback((cursor: string | null) => api.find(roomId, queue, cursor), [api, roomId, queue]),
  );

  function decided({ id }: Report): void {
    reports.change((items) => items.filter((one) => one.id !== id));
  }

  return (
    <>
      <Select
        label="Reports"
        className="mb-4 max-w-xs"
        value={queue}
        choices={QUEUES}
        onChange={setQueue}
      />
      <Listing
        of={reports}
        label="Loading reports"
        none={queue === "open" ? "Nothing waits for you." : "Nothing was decided yet."}
      >
        {(known) => (
          <ul className="flex flex-col gap-3">
            {known.map((report) => (
              <ReportItem key={report.id} report={report} roomId={roomId} onDecided={decided} />
            ))}
          </ul>
        )}
      </Listing>
    </>
  );
}
