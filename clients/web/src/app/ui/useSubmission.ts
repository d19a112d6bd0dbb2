import { type FormEvent, useEffect, useRef, useState } from "react";

interface Submission {
  /** The form was sent and is not answered yet. */
  readonly isBusy: boolean;
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void;
}

interface Sent {
  readonly form: HTMLFormElement;
  /** Where the focus was. */
  readonly from: Element | null;
}

/**
 * Do `work` when a form is sent. A button that rests meanwhile loses the focus; afterwards it is at
 * the field that is at fault, or where it was.
 */
export function useSubmission(work: () => Promise<unknown>): Submission {
  const [isBusy, setIsBusy] = useState(false);
  const sent = useRef<Sent | null>(null);

  useEffect(() => {
    if (isBusy || !sent.current) return;
    focusAgain(sent.current);
    sent.current = null;
  }, [isBusy]);

  async function submit(): Promise<void> {
    setIsBusy(true);
    try {
      await work();
    } finally {
      setIsBusy(false);
    }
  }

  return {
    isBusy,
    onSubmit: (event) => {
      event.preventDefault();
      sent.current = { form: event.currentTarget, from: document.activeElement };
      void submit();
    },
  };
}

function focusAgain({ form, from }: Sent): void {
  const isElsewhere = document.activeElement !== document.body;
  if (isElsewhere && !form.contains(document.activeElement)) return;
  const fault = form.querySelector<HTMLElement>("[aria-invalid=true]");
  if (fault) {
    fault.focus();
    // The keyboard of a phone would leave what is said of it below the edge.
    return fault.scrollIntoView({ block: "center" });
  }
  if (isElsewhere || !(from instanceof HTMLElement)) return;
  from.focus();
  // Its button may rest until something else is written.
  if (document.activeElement === document.body) form.querySelector("input")?.focus();
}
