import type { ReactNode } from "react";

interface Props {
  readonly title: string;
  /** It is all that the page has to say. */
  readonly isPage?: boolean;
  readonly children?: ReactNode;
}

/** What stands where there is nothing to show: a sentence, and what can be done about it. */
export function Hollow({ title, isPage = false, children }: Props) {
  const Title = isPage ? "h1" : "p";
  return (
    <div className="m-auto flex max-w-sm flex-col items-center gap-3 px-6 py-10 text-center">
      <Title className={isPage ? "text-lg font-semibold" : "text-base font-medium"}>{title}</Title>
      {children}
    </div>
  );
}
