import type { ReactNode } from "react";
import { Button } from "#app/ui/Button.tsx";
import { Skeleton } from "#app/ui/Skeleton.tsx";
import type { Pages } from "#app/ui/usePages.ts";

interface Props<T> {
  readonly of: Pages<T>;
  /** What is being waited for. */
  readonly label: string;
  /** What stands there when there is nothing. */
  readonly none: string;
  readonly children: (items: readonly T[]) => ReactNode;
}

/** A list that comes in pages, and the way to the next one. */
export function Listing<T>({ of, label, none, children }: Props<T>) {
  const { items, loading, more, reload } = of;
  if (loading.phase === "failed") {
    return (
      <div className="flex flex-col items-start gap-3 py-4">
        <p role="alert" className="text-sm text-soft">
          This could not be loaded. {loading.problem.message}
        </p>
        <Button look="quiet" onClick={reload}>
          Try again
        </Button>
      </div>
    );
  }
  if (loading.phase === "loading") return <Skeleton rows={6} shape="person" label={label} />;
  if (items.length === 0) return <p className="py-4 text-sm text-soft">{none}</p>;
  return (
    <>
      {children(items)}
      {more && (
        <div className="mt-4 flex justify-center">
          <Button look="quiet" onClick={more}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}
