import { useState } from "react";
import { isStepUp } from "#api/call.ts";
import { problemIn } from "#api/http.ts";
import type { Problem } from "#wire/problem.ts";

interface Attempt<A extends readonly unknown[]> {
  readonly isBusy: boolean;
  /** Why the last one did not work. */
  readonly problem: Problem | null;
  /** Return whether it worked. */
  readonly run: (...args: A) => Promise<boolean>;
}

/**
 * Do something that the server may refuse. Whoever did not want to prove who they are knows why
 * nothing happened, and is told no problem.
 */
export function useAttempt<A extends readonly unknown[]>(
  work: (...args: A) => Promise<void>,
): Attempt<A> {
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  async function run(...args: A): Promise<boolean> {
    setIsBusy(true);
    setProblem(null);
    try {
      await work(...args);
      return true;
    } catch (error) {
      setProblem(isStepUp(error) ? null : problemIn(error));
      return false;
    } finally {
      setIsBusy(false);
    }
  }

  return { isBusy, problem, run };
}
