import { memo, type ReactNode } from "react";
import { partsOf } from "#app/conversation/links.ts";

interface Props {
  readonly text: string;
  /** What stands behind the text, on its last line. */
  readonly children?: ReactNode;
}

/** What somebody wrote, as text: nothing in it is ever taken for markup. */
export const MessageText = memo(function MessageText({ text, children }: Props) {
  let position = 0;
  return (
    <p className="max-w-[75ch] wrap-anywhere whitespace-pre-wrap">
      {partsOf(text).map((part) => {
        const key = position;
        position += part.text.length;
        if (part.type === "text") return <span key={key}>{part.text}</span>;
        return (
          <a
            key={key}
            href={part.href}
            target="_blank"
            rel="noopener noreferrer"
            className="text-accent underline decoration-1 underline-offset-2 hover:decoration-2"
          >
            {part.text}
          </a>
        );
      })}
      {children}
    </p>
  );
});
