import { useCallback, useState } from "react";
import { DeskApi } from "#api/desk.ts";
import { Refused } from "#api/http.ts";
import { useApp } from "#app/context.ts";
import { GuestFields } from "#app/rooms/GuestFields.tsx";
import { type GuestWish, guestWish, USUAL_GUESTS } from "#app/rooms/hours.ts";
import { navigate, pathOfDesk, pathOfRoom } from "#app/router.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { Field } from "#app/ui/Field.tsx";
import { Radio } from "#app/ui/Radio.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useLoad } from "#app/ui/useLoad.ts";
import { useServerTime } from "#app/ui/useServerTime.ts";
import { useSubmission } from "#app/ui/useSubmission.ts";
import type { Problem } from "#wire/problem.ts";

interface Props {
  readonly onClose: () => void;
}

const KINDS = [
  ["public", "Public", "Everybody on this server"],
  ["private", "Private", "Only whom you add"],
  ["guest", "Guests", "Whoever has the link, without an account, for a while"],
] as const;
type Kind = (typeof KINDS)[number][0];

export function NewRoom({ onClose }: Props) {
  const { lobby } = useApp();
  const api = useApi(DeskApi);
  const mayOpen = useLoad(useCallback(() => api.mayOpen(), [api])).value;
  const now = useServerTime();
  const [key] = useState(() => lobby.newKey());
  const [title, setTitle] = useState("");
  const [topic, setTopic] = useState("");
  const [kind, setKind] = useState<Kind>("public");
  const [guests, setGuests] = useState<GuestWish>(USUAL_GUESTS);
  const { isBusy, problem, run } = useAttempt(async () => {
    navigate(await make());
    onClose();
  });
  const { onSubmit } = useSubmission(run);

  /** Return where to go on: a room of guests is nothing without its link. */
  async function make(): Promise<string> {
    const named = { title: title.trim(), topic: topic.trim() };
    if (kind === "guest") {
      const { room } = await api.open({ ...named, ...guestWish(guests, now()) }, key);
      await lobby.enter(room);
      return pathOfDesk(room.id, "guests");
    }
    const made = await lobby.create({ kind, ...named }, key);
    if ("code" in made) throw new Refused(made, 0);
    return pathOfRoom(made.id);
  }

  const titleFault = titleFaultIn(problem);
  const isOfField = problem !== null && Object.keys(problem.fields).length > 0;
  return (
    <Dialog title="New room" onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {problem && titleFault === undefined && !isOfField && <Alert>{problem.message}</Alert>}
        <Field
          label="Title"
          required
          value={title}
          fault={titleFault}
          onChange={(event) => setTitle(event.target.value)}
        />
        <Field
          label="Topic"
          hint="Optional: what it is about."
          value={topic}
          fault={problem?.fields.topic}
          onChange={(event) => setTopic(event.target.value)}
        />
        <Radio
          legend="Who may come in"
          name="kind"
          value={kind}
          choices={mayOpen === false ? KINDS.filter(([kind]) => kind !== "guest") : KINDS}
          onChange={setKind}
        />
        {kind === "guest" && (
          <GuestFields wish={guests} faults={problem?.fields ?? {}} onChange={setGuests} />
        )}
        <Button type="submit" disabled={isBusy} className="mt-2">
          Create room
        </Button>
      </form>
    </Dialog>
  );
}

function titleFaultIn(problem: Problem | null): string | undefined {
  if (problem?.code === "title_taken") return "You have a room of this title already.";
  return problem?.fields.title;
}
