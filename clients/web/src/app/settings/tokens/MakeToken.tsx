import { useState } from "react";
import { type Bot, type NewToken, TokensApi } from "#api/tokens.ts";
import { useMe } from "#app/settings/me.ts";
import { ADMIN, SCOPES } from "#app/settings/tokens/scopes.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Check } from "#app/ui/Check.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { Field } from "#app/ui/Field.tsx";
import { Select } from "#app/ui/Select.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useSubmission } from "#app/ui/useSubmission.ts";

interface Props {
  /** Null for a token of the reader. */
  readonly bot: Bot | null;
  readonly onClose: () => void;
  readonly onMade: (token: NewToken) => void;
}

const DAY_S = 86_400;
const LIVES = [
  ["7", "7 days"],
  ["30", "30 days"],
  ["90", "90 days"],
  ["365", "A year"],
] as const;
type Life = (typeof LIVES)[number][0];

export function MakeToken({ bot, onClose, onMade }: Props) {
  const api = useApi(TokensApi);
  const { me } = useMe();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly string[]>([]);
  const [life, setLife] = useState<Life>("90");
  const { isBusy, problem, run } = useAttempt(async () => {
    const wish = { name: name.trim(), scopes, lifeS: Number(life) * DAY_S };
    onMade(await api.make(wish, bot?.id ?? null));
  });
  const { onSubmit } = useSubmission(run);
  const mayAdmin = bot === null && me.role !== "member";
  const fault = problem?.fields.scopes ?? problem?.fields.expires_in_s;

  return (
    <Dialog title={bot === null ? "New token" : `New token for ${bot.name}`} onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {problem && problem.fields.name === undefined && <Alert>{fault ?? problem.message}</Alert>}
        <Field
          label="What it is for"
          hint="To know it again in the list."
          required
          value={name}
          fault={problem?.fields.name}
          onChange={(event) => setName(event.target.value)}
        />
        <fieldset>
          <legend className="mb-1 text-sm font-medium">What it may do</legend>
          {[...SCOPES, ...(mayAdmin ? [ADMIN] : [])].map(({ scope, title, hint }) => (
            <Check
              key={scope}
              label={title}
              hint={hint}
              isOn={scopes.includes(scope)}
              onChange={(isOn) =>
                setScopes(isOn ? [...scopes, scope] : scopes.filter((one) => one !== scope))
              }
            />
          ))}
        </fieldset>
        <Select label="It is good for" value={life} choices={LIVES} onChange={setLife} />
        <Button type="submit" disabled={isBusy || scopes.length === 0}>
          Make the token
        </Button>
      </form>
    </Dialog>
  );
}
