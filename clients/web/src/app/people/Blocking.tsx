import { useApp, useAppState } from "#app/context.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { useAttempt } from "#app/ui/useAttempt.ts";
import type { Person } from "#wire/shapes.ts";

interface Props {
  readonly person: Person;
}

/** What somebody can do for themselves, in every room. */
export function Blocking({ person }: Props) {
  const { blocking } = useApp();
  const isBlocked = useAppState((state) => state.blocked.has(person.id));
  const { isBusy, problem, run } = useAttempt(() => blocking.set(person.id, !isBlocked));
  return (
    <section className="border-t border-line pt-4">
      {problem && <Alert>{problem.message}</Alert>}
      <p className="mb-3 text-sm text-soft">
        {isBlocked
          ? "You have blocked this person: their messages are folded, and neither of you hears of the other."
          : "Whom you block cannot write to you, and their messages are folded. They are not told."}
      </p>
      <Button look="quiet" disabled={isBusy} onClick={() => void run()}>
        {isBlocked ? "Unblock" : "Block"}
      </Button>
    </section>
  );
}
