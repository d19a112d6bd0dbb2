import { type ReactNode, useState } from "react";
import type { InviteLimits } from "#api/invites.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { Field } from "#app/ui/Field.tsx";
import { Select } from "#app/ui/Select.tsx";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useSubmission } from "#app/ui/useSubmission.ts";
import type { Problem } from "#wire/problem.ts";

interface Props {
  /** It may be for all who have it, and until it is revoked. */
  readonly mayBeEndless?: boolean;
  readonly make: (limits: InviteLimits) => Promise<void>;
  readonly onClose: () => void;
  /** What else is asked; `faults` are those of the last try. */
  readonly children: (faults: Problem["fields"]) => ReactNode;
}

const DAY_S = 86_400;
const LIVES = [
  ["1", "A day"],
  ["7", "A week"],
  ["30", "A month"],
] as const;
const ENDLESS = ["", "Until it is revoked"] as const;
type Life = (typeof LIVES)[number][0] | (typeof ENDLESS)[0];

/** Asks what a new invitation is to be good for. */
export function InviteForm({ mayBeEndless = false, make, onClose, children }: Props) {
  const [uses, setUses] = useState(mayBeEndless ? "" : "1");
  const [life, setLife] = useState<Life>("7");
  const { isBusy, problem, run } = useAttempt(() =>
    make({
      ...(uses === "" ? {} : { max_uses: Number(uses) }),
      ...(life === "" ? {} : { expires_in_s: Number(life) * DAY_S }),
    }),
  );
  const { onSubmit } = useSubmission(run);
  const faults = problem?.fields ?? {};
  return (
    <Dialog title="New invitation" onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {problem && Object.keys(faults).length === 0 && <Alert>{problem.message}</Alert>}
        <Field
          label="How many people it is for"
          type="number"
          min={1}
          required={!mayBeEndless}
          {...(mayBeEndless ? { hint: "Empty: for all who have it." } : {})}
          value={uses}
          fault={faults.max_uses}
          onChange={(event) => setUses(event.target.value)}
        />
        <Select<Life>
          label="It is good for"
          value={life}
          choices={mayBeEndless ? [...LIVES, ENDLESS] : LIVES}
          onChange={setLife}
        />
        {children(faults)}
        <Button type="submit" disabled={isBusy}>
          Make the link
        </Button>
      </form>
    </Dialog>
  );
}
