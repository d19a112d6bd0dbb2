import type { MouseEvent, ReactNode, Ref } from "react";
import { navigate } from "#app/router.ts";

interface Props {
  readonly to: string;
  readonly className?: string;
  readonly isCurrent?: boolean;
  /** The id of what says more about where it leads. */
  readonly describedBy?: string | undefined;
  readonly ref?: Ref<HTMLAnchorElement>;
  readonly children: ReactNode;
}

/** A link to another page of this application; opening it in a new tab works as everywhere. */
export function Anchor({
  to,
  className = "",
  isCurrent = false,
  describedBy,
  ref,
  children,
}: Props) {
  function onClick(event: MouseEvent): void {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
      return;
    }
    event.preventDefault();
    navigate(to);
  }

  return (
    <a
      ref={ref}
      href={to}
      className={className}
      onClick={onClick}
      aria-describedby={describedBy}
      aria-current={isCurrent ? "page" : undefined}
    >
      {children}
    </a>
  );
}
