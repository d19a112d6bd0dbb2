import { type FormEvent, useState } from "react";

interface Submission {
  /** The form was sent and is not answered yet. */
  readonly isBusy: boolean;
  readonly onSubmit: (event: FormEvent) => void;
}

/** Do `work` when a form is sent. */
export function useSubmission(work: () => Promise<void>): Submission {
  const [isBusy, setIsBusy] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setIsBusy(true);
    try {
      await work();
    } finally {
      setIsBusy(false);
    }
  }

  return { isBusy, onSubmit: (event) => void submit(event) };
}
