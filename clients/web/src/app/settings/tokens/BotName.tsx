import { useState } from "react";
import { type Bot, TokensApi } from "#api/tokens.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { Field } from "#app/ui/Field.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useSubmission } from "#app/ui/useSubmission.ts";

interface Props {
  /** Null for a new one. */
  readonly bot: Bot | null;
  readonly onSaved: () => Promise<void>;
  readonly onClose: () => void;
}

export function BotName({ bot, onSaved, onClose }: Props) {
  const api = useApi(TokensApi);
  const [name, setName] = useState(bot?.name ?? "");
  const { isBusy, problem, run } = useAttempt(async () => {
    if (bot) await api.renameBot(bot.id, name.trim());
    else await api.makeBot(name.trim());
    await onSaved();
    onClose();
  });
  const { onSubmit } = useSubmission(run);
  return (
    <Dialog title={bot ? `Rename ${bot.name}` : "New bot"} onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {problem && problem.fields.name === undefined && <Alert>{problem.message}</Alert>}
        <Field
          label="Name"
          hint="As others see it."
          dir="auto"
          required
          value={name}
          fault={problem?.fields.name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" disabled={isBusy}>
          {bot ? "Save" : "Make the bot"}
        </Button>
      </form>
    </Dialog>
  );
}
