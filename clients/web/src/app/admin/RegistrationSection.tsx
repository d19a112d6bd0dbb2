import { useCallback, useState } from "react";
import { AdminApi, type Policy } from "#api/admin.ts";
import { Invites } from "#app/admin/Invites.tsx";
import { Block } from "#app/settings/Block.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Fetched } from "#app/ui/Fetched.tsx";
import { Field } from "#app/ui/Field.tsx";
import { Radio } from "#app/ui/Radio.tsx";
import { Saved } from "#app/ui/Saved.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useLoad } from "#app/ui/useLoad.ts";
import { useSubmission } from "#app/ui/useSubmission.ts";
import type { Problem } from "#wire/problem.ts";

/** Who may make an account here. */
export function RegistrationSection() {
  const api = useApi(AdminApi);
  const policy = useLoad(useCallback(() => api.policy(), [api]));
  return (
    <>
      <Fetched from={policy} label="Loading who may register" rows={3}>
        {(known) => (
          <>
            <Mode known={known} onChange={policy.replace} />
            <Domains known={known} onChange={policy.replace} />
          </>
        )}
      </Fetched>
      <Invites />
    </>
  );
}

interface Props {
  readonly known: Policy;
  readonly onChange: (now: Policy) => void;
}

function Mode({ known, onChange }: Props) {
  const api = useApi(AdminApi);
  const { problem, run } = useAttempt(async (registration: Policy["registration"]) =>
    onChange(await api.setPolicy({ registration })),
  );
  return (
    <Block title="Who may register">
      {problem && <Alert>{problem.message}</Alert>}
      <div className="max-w-md">
        <Radio
          legend="New accounts"
          name="registration"
          value={known.registration}
          choices={MODES}
          onChange={(mode) => void run(mode)}
        />
      </div>
    </Block>
  );
}

const MODES: readonly (readonly [Policy["registration"], string, string])[] = [
  ["open", "Open", "Everybody who finds this server"],
  ["invite", "By invitation", "Whoever has a link from below"],
  ["closed", "Closed", "Nobody"],
];

/** The server names the one at fault by its place. */
function faultOf({ fields }: Problem): string | undefined {
  return Object.entries(fields).find(([name]) => name.startsWith("domains"))?.[1];
}

function Domains({ known, onChange }: Props) {
  const api = useApi(AdminApi);
  const [text, setText] = useState(known.domains.join(", "));
  const [said, setSaid] = useState("");
  const wanted = text.split(/[\s,;]+/).filter((domain) => domain !== "");
  const { isBusy, problem, run } = useAttempt(async () => {
    const now = await api.setPolicy({ domains: wanted });
    onChange(now);
    setText(now.domains.join(", "));
  });
  const { onSubmit } = useSubmission(async () => {
    setSaid((await run()) ? "Saved." : "");
  });
  const isChanged = wanted.join() !== known.domains.join();
  return (
    <Block
      title="E-mail domains"
      hint="Only addresses of these may register. Without mail, addresses are not verified: anybody can claim one."
    >
      <form onSubmit={onSubmit} className="flex max-w-md flex-col items-start gap-3">
        <Field
          label="Allowed domains"
          hint="With commas between them; empty for any."
          placeholder="example.org, example.com"
          autoCapitalize="none"
          spellCheck={false}
          className="w-full"
          value={text}
          fault={problem ? (faultOf(problem) ?? problem.message) : undefined}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="flex items-center gap-3">
          <Button type="submit" disabled={isBusy || !isChanged}>
            Save domains
          </Button>
          <Saved>{said}</Saved>
        </div>
      </form>
    </Block>
  );
}
