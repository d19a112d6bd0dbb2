import { useState } from "react";
import { DeskApi } from "#api/desk.ts";
import type { DeskProps } from "#app/desk/desk.ts";
import { navigate } from "#app/router.ts";
import { Block } from "#app/settings/Block.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { momentOf } from "#app/ui/moments.ts";
import { Question } from "#app/ui/Question.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";

/** Out of the way, or out of the world. */
export function EndBlock({ kept, rights, onChange }: DeskProps) {
  const { room, isArchived, purgeAt } = kept;
  const api = useApi(DeskApi);
  const [isDeleting, setIsDeleting] = useState(false);
  const archiving = useAttempt(async () => onChange(await api.archive(room.id, !isArchived)));
  if (!rights.has("archive") && !rights.has("delete_room")) return null;
  return (
    <Block
      title="The end of this room"
      hint={purgeAt !== null && `It is removed for good on ${momentOf(purgeAt)}.`}
    >
      {archiving.problem && <Alert>{archiving.problem.message}</Alert>}
      {rights.has("archive") && (
        <div className="mb-4">
          <p className="mb-2 text-sm text-soft">
            {isArchived
              ? "It is in the archive: closed, readable, and found by nobody new."
              : "In the archive a room is closed and readable, and nobody new finds it."}
          </p>
          <Button look="quiet" disabled={archiving.isBusy} onClick={() => void archiving.run()}>
            {isArchived ? "Take it out of the archive" : "Put it into the archive"}
          </Button>
        </div>
      )}
      {rights.has("delete_room") && (
        <Button look="danger" onClick={() => setIsDeleting(true)}>
          Delete this room
        </Button>
      )}
      {isDeleting && (
        <Question
          title={`Delete ${room.title}?`}
          yes="Delete it"
          no="Keep it"
          onYes={async () => {
            await api.remove(room.id);
            navigate("/rooms");
          }}
          onClose={() => setIsDeleting(false)}
        >
          It is gone for everybody in it at once. For a while you can restore it, in your settings
          under Deleted rooms.
        </Question>
      )}
    </Block>
  );
}
