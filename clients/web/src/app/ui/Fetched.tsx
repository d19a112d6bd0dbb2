import type { ReactNode } from "react";
import { Button } from "#app/ui/Button.tsx";
import { Skeleton } from "#app/ui/Skeleton.tsx";
import type { Loaded } from "#app/ui/useLoad.ts";

interface Props<T> {
  readonly from: Loaded<T>;
  /** What is being waited for. */
  readonly label: string;
  readonly rows?: number;
  readonly children: (value: T) => ReactNode;
}

/** What was read, or that it is coming, or why it does not and the way to try again. */
export function Fetched<T>({ from, label, rows = 3, children }: Props<T>) {
  const { value, loading, reload } = from;
  if (value !== null) return children(value);
  if (loading.phase !== "failed") return <Skeleton rows={rows} shape="person" label={label} />;
  return (
    <div className="flex flex-col items-start gap-3 py-4">
      <p role="alert" className="text-sm text-soft">
        This could not be loaded. {loading.problem.message}
      </p>
      <Button look="quiet" onClick={() => void reload()}>
        Try again
      </Button>
    </div>
  );
}
