import { useState } from "react";
import { useApp } from "#app/context.ts";
import { navigate, pathOfRoom } from "#app/router.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { Field } from "#app/ui/Field.tsx";
import { useSubmission } from "#app/ui/useSubmission.ts";
import type { Problem } from "#wire/problem.ts";

interface Props {
  readonly onClose: () => void;
}

type Kind = "public" | "private";

export function NewRoom({ onClose }: Props) {
  const { lobby } = useApp();
  const [key] = useState(() => lobby.newKey());
  const [title, setTitle] = useState("");
  const [topic, setTopic] = useState("");
  const [kind, setKind] = useState<Kind>("public");
  const [problem, setProblem] = useState<Problem | null>(null);
  const { isBusy, onSubmit } = useSubmission(async () => {
    const wanted = { kind, title: title.trim(), topic: topic.trim() };
    const made = await lobby.create(wanted, key);
    if ("code" in made) return setProblem(made);
    onClose();
    navigate(pathOfRoom(made.id));
  });

  const titleFault = titleFaultIn(problem);
  return (
    <Dialog title="New room" onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {problem && titleFault === undefined && <Alert>{problem.message}</Alert>}
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
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1.5 text-sm font-medium">Who may come in</legend>
          <Choice kind="public" hint="Everybody on this server" chosen={kind} onChoose={setKind} />
          <Choice kind="private" hint="Only whom you add" chosen={kind} onChoose={setKind} />
        </fieldset>
        <Button type="submit" disabled={isBusy} className="mt-2">
          Create room
        </Button>
      </form>
    </Dialog>
  );
}

interface ChoiceProps {
  readonly kind: Kind;
  readonly hint: string;
  readonly chosen: Kind;
  readonly onChoose: (kind: Kind) => void;
}

function Choice({ kind, hint, chosen, onChoose }: ChoiceProps) {
  return (
    <label className="flex cursor-pointer items-center gap-3 rounded-lg border border-line bg-raised px-3 py-2.5 has-checked:border-accent has-checked:bg-accent-soft">
      <input
        type="radio"
        name="kind"
        className="accent-accent"
        checked={chosen === kind}
        onChange={() => onChoose(kind)}
      />
      <span className="font-medium">{kind === "public" ? "Public" : "Private"}</span>
      <span className="text-sm text-soft">{hint}</span>
    </label>
  );
}

function titleFaultIn(problem: Problem | null): string | undefined {
  if (problem?.code === "title_taken") return "You have a room of this title already.";
  return problem?.fields.title;
}
