import { createContext, use } from "react";
import type { Names } from "#app/conversation/mentions.ts";
import type { Inline } from "#app/conversation/text/nodes.ts";

/** Who reads the text, and what those are called who are named in it. */
export const TextContext = createContext<{ readonly names: Names; readonly me: string }>({
  names: new Map(),
  me: "",
});

/** What stands in a line. */
export function InlineText({ nodes }: { readonly nodes: readonly Inline[] }) {
  return nodes.map((node, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a text is shown anew as a whole.
    <InlineView key={at} node={node} />
  ));
}

function InlineView({ node }: { readonly node: Inline }) {
  switch (node.type) {
    case "text":
      return node.text;
    case "code":
      return (
        <code className="rounded bg-hover px-1 py-px font-mono text-[0.9em]">{node.text}</code>
      );
    case "strong":
      return (
        <strong className="font-semibold">
          <InlineText nodes={node.nodes} />
        </strong>
      );
    case "slanted":
      return (
        <em>
          <InlineText nodes={node.nodes} />
        </em>
      );
    case "struck":
      return (
        <del>
          <InlineText nodes={node.nodes} />
        </del>
      );
    case "person":
      return <Mention id={node.id} />;
    case "link":
      return (
        <a
          href={node.href}
          title={node.href}
          target="_blank"
          rel="noopener noreferrer"
          className="text-accent underline decoration-1 underline-offset-2 [unicode-bidi:isolate] hover:decoration-2"
        >
          <InlineText nodes={node.nodes} />
        </a>
      );
  }
}

/** The name is unknown of somebody who has left. */
function Mention({ id }: { readonly id: string }) {
  const { names, me } = use(TextContext);
  const look = id === me ? "bg-accent text-on-accent" : "bg-accent-soft text-accent";
  return (
    <bdi className={`rounded px-1 py-px font-medium ${look}`}>@{names.get(id) ?? "somebody"}</bdi>
  );
}
