import { fetchTranscript } from "#api/desk.ts";
import { useApp } from "#app/context.ts";
import { Block } from "#app/settings/Block.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { momentOf } from "#app/ui/moments.ts";
import { saveFile } from "#app/ui/save.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import type { Room } from "#wire/shapes.ts";

interface Props {
  readonly room: Room;
  /** RFC 3339: when all of it is removed for good; null where that is not known. */
  readonly purgeAt: string | null;
}

/** All that was said, as a file. */
export function TranscriptBlock({ room, purgeAt }: Props) {
  const { fileCall } = useApp();
  const { isBusy, problem, run } = useAttempt(async (format: "text" | "json") => {
    const name = `${room.title}.${format === "text" ? "txt" : "json"}`;
    saveFile(name, await fetchTranscript(fileCall, room.id, format));
  });
  return (
    <Block
      title="Transcript"
      hint="All that was said, with names and times. What was deleted is not in it."
    >
      {purgeAt !== null && (
        <p className="mb-3 text-sm">
          The room is removed for good on {momentOf(purgeAt)}: take it before.
        </p>
      )}
      {problem && <Alert>{problem.message}</Alert>}
      <div className="flex flex-wrap gap-2">
        <Button look="quiet" disabled={isBusy} onClick={() => void run("text")}>
          Download as text
        </Button>
        <Button look="quiet" disabled={isBusy} onClick={() => void run("json")}>
          Download for programs
        </Button>
      </div>
    </Block>
  );
}
