import { memo, type ReactNode } from "react";
import { type Node, nodesOf } from "#app/conversation/markup.ts";
import type { Names } from "#app/conversation/mentions.ts";

interface Props {
  readonly text: string;
  readonly names: Names;
  /** Who reads it: to be named is worth noticing. */
  readonly me: string;
  /** What stands behind the text, on its last line. */
  readonly children?: ReactNode;
}

/** What somebody wrote. Text stays text: nothing in it is ever taken for HTML. */
export const MessageText = memo(function MessageText({ text, names, me, children }: Props) {
  return (
    <div className="max-w-[75ch] wrap-anywhere whitespace-pre-wrap">
      <Nodes nodes={nodesOf(text)} names={names} me={me} />
      {children}
    </div>
  );
});

interface NodesProps {
  readonly nodes: readonly Node[];
  readonly names: Names;
  readonly me: string;
}

function Nodes({ nodes, names, me }: NodesProps) {
  return nodes.map((node, position) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a text is shown anew as a whole.
    <NodeView key={position} node={node} names={names} me={me} />
  ));
}

interface NodeProps {
  readonly node: Node;
  readonly names: Names;
  readonly me: string;
}

function NodeView({ node, names, me }: NodeProps) {
  switch (node.type) {
    case "text":
      return node.text;
    case "code":
      return (
        <code className="rounded bg-hover px-1 py-px font-mono text-[0.9em]">{node.text}</code>
      );
    case "block":
      return (
        <pre className="my-1 w-fit max-w-full overflow-x-auto rounded-lg border border-line bg-panel px-3 py-2 font-mono text-sm whitespace-pre">
          {node.text}
        </pre>
      );
    case "strong":
      return (
        <strong className="font-semibold">
          <Nodes nodes={node.nodes} names={names} me={me} />
        </strong>
      );
    case "slanted":
      return (
        <em>
          <Nodes nodes={node.nodes} names={names} me={me} />
        </em>
      );
    case "person":
      return <Mention name={names.get(node.id)} isMe={node.id === me} />;
    case "link":
      return (
        <a
          href={node.href}
          target="_blank"
          rel="noopener noreferrer"
          className="text-accent underline decoration-1 underline-offset-2 hover:decoration-2"
        >
          {node.text}
        </a>
      );
  }
}

interface MentionProps {
  /** Unknown of somebody who has left. */
  readonly name: string | undefined;
  readonly isMe: boolean;
}

function Mention({ name = "somebody", isMe }: MentionProps) {
  const look = isMe ? "bg-accent text-on-accent" : "bg-accent-soft text-accent";
  return <span className={`rounded px-1 py-px font-medium ${look}`}>@{name}</span>;
}
