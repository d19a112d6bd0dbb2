import { CopyButton } from "#app/conversation/text/CopyButton.tsx";

interface Props {
  readonly text: string;
  readonly language: string;
}

/** Code as it stands: it scrolls sideways rather than break its lines. */
export function CodeBlock({ text, language }: Props) {
  return (
    <div className="group/code relative my-1 w-fit max-w-full min-w-48 overflow-hidden rounded-lg border border-line bg-panel">
      <div className="flex h-7 items-center justify-between border-b border-line pl-3 text-xs text-soft">
        <span>{language === "" ? "Code" : language}</span>
        <CopyButton text={text} label="Copy code" className="!size-7 [&_svg]:size-3.5" />
      </div>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable.
        tabIndex={0}
        className="max-h-96 overflow-auto px-3 py-2 font-mono text-sm whitespace-pre focus-visible:-outline-offset-2"
      >
        <code>{text}</code>
      </pre>
    </div>
  );
}
