import type { DeskProps } from "#app/desk/desk.ts";
import { ReportQueue } from "#app/desk/reports/ReportQueue.tsx";

/** What was reported in this room. */
export function ReportsSection({ kept }: DeskProps) {
  return <ReportQueue roomId={kept.room.id} />;
}
