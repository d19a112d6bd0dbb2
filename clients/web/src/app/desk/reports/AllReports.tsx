import { ReportQueue } from "#app/desk/reports/ReportQueue.tsx";

/** What was reported in all rooms of this server. */
export function AllReports() {
  return (
    <>
      <p className="max-w-xl pt-2 pb-4 text-sm text-soft">
        Messages that somebody reported, in all rooms. Those who look after a room see its reports
        too.
      </p>
      <ReportQueue roomId={null} />
    </>
  );
}
