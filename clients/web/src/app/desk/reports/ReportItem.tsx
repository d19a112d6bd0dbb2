import { useState } from "react";
import { type Report, ReportsApi } from "#api/reports.ts";
import { titleOfReason } from "#app/conversation/message/reasons.ts";
import { MessageText } from "#app/conversation/text/MessageText.tsx";
import { PersonDialog } from "#app/people/PersonDialog.tsx";
import { pathOfDesk } from "#app/router.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Button } from "#app/ui/Button.tsx";
import { momentOf } from "#app/ui/moments.ts";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";

interface Props {
  readonly report: Report;
  /** Whose queue this is; null: that of all rooms. */
  readonly roomId: string | null;
  readonly onDecided: (report: Report) => void;
}

export function ReportItem({ report, roomId, onDecided }: Props) {
  const { message } = report;
  const isDeleted = message.deleted_at !== null;
  return (
    <li className="rounded-xl border border-line bg-raised p-3.5">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <bdi className="font-semibold">{message.author.name}</bdi>
        <span className="text-xs text-soft">{momentOf(message.created_at)}</span>
        {roomId === null && (
          <Anchor
            to={pathOfDesk(report.roomId, "reports")}
            className="ml-auto text-sm font-medium text-accent hover:underline"
          >
            To the room
          </Anchor>
        )}
      </p>
      <div className="my-1.5 max-h-48 overflow-y-auto border-l-2 border-line pl-3">
        {isDeleted ? (
          <p className="text-soft italic">This message was deleted.</p>
        ) : (
          <MessageText text={message.content} names={NO_NAMES} me="" />
        )}
      </div>
      <p className="text-sm text-soft wrap-anywhere">
        {titleOfReason(report.reason)}, reported by <bdi>{report.reporter.name}</bdi>,{" "}
        {momentOf(report.at)}
        {report.note !== "" && `: ${report.note}`}
      </p>
      {report.state === "open" ? (
        <Deciding report={report} onDecided={onDecided} />
      ) : (
        <p className="mt-1 text-sm text-soft">
          {report.state === "acted" ? "Something was done" : "Dismissed"}
          {report.decidedBy && ` by ${report.decidedBy.name}`}
          {report.decidedAt !== null && `, ${momentOf(report.decidedAt)}`}.
        </p>
      )}
    </li>
  );
}

const NO_NAMES: ReadonlyMap<string, string> = new Map();

/** What is done to the message, or to its author, decides the report as well. */
function Deciding({ report, onDecided }: Omit<Props, "roomId">) {
  const api = useApi(ReportsApi);
  const [isManaging, setIsManaging] = useState(false);
  const { id, roomId, message } = report;
  const { isBusy, problem, run } = useAttempt(async (what: "dismiss" | "delete" | "act") => {
    if (what === "delete") await api.deleteMessage(message.id);
    await api.decide(roomId, id, what === "dismiss" ? "dismissed" : "acted");
    onDecided(report);
  });
  return (
    <>
      {problem && <Alert>{problem.message}</Alert>}
      <div className="mt-3 flex flex-wrap gap-2">
        {message.deleted_at === null && (
          <Button look="danger" disabled={isBusy} onClick={() => void run("delete")}>
            Delete the message
          </Button>
        )}
        <Button look="quiet" disabled={isBusy} onClick={() => setIsManaging(true)}>
          About {message.author.name}
        </Button>
        <Button look="quiet" disabled={isBusy} onClick={() => void run("dismiss")}>
          Dismiss
        </Button>
      </div>
      {isManaging && (
        <PersonDialog
          person={message.author}
          roomId={roomId}
          roleThere="unknown"
          onChange={() => void run("act")}
          onClose={() => setIsManaging(false)}
        />
      )}
    </>
  );
}
