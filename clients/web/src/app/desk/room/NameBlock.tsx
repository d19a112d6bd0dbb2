import { useState } from "react";
import type { DeskProps } from "#app/desk/desk.ts";
import { useRoomChange } from "#app/desk/useRoomChange.ts";
import { Block } from "#app/settings/Block.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Field } from "#app/ui/Field.tsx";
import { Saved } from "#app/ui/Saved.tsx";
import { useSubmission } from "#app/ui/useSubmission.ts";
import type { Problem } from "#wire/problem.ts";

export function NameBlock(desk: DeskProps) {
  const { room } = desk.kept;
  const [title, setTitle] = useState(room.title);
  const [topic, setTopic] = useState(room.topic);
  const { isBusy, problem, said, run } = useRoomChange(desk);
  const { onSubmit } = useSubmission(() => run({ title: title.trim(), topic: topic.trim() }));
  const titleFault = titleFaultIn(problem);
  return (
    <Block title="Title and topic">
      <form onSubmit={onSubmit} className="flex max-w-md flex-col gap-4">
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
          value={topic}
          fault={problem?.fields.topic}
          onChange={(event) => setTopic(event.target.value)}
        />
        <div className="flex items-center gap-3">
          <Button type="submit" disabled={isBusy}>
            Save
          </Button>
          <Saved>{said}</Saved>
        </div>
      </form>
    </Block>
  );
}

function titleFaultIn(problem: Problem | null): string | undefined {
  if (problem?.code === "title_taken") return "There is a room of this title already.";
  return problem?.fields.title;
}
