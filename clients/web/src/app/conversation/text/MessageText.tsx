import { Fragment, memo, type ReactNode, useMemo } from "react";
import type { Names } from "#app/conversation/mentions.ts";
import { CodeBlock } from "#app/conversation/text/CodeBlock.tsx";
import { InlineText, TextContext } from "#app/conversation/text/InlineText.tsx";
import { type Block, blocksOf, type Inline, type Item } from "#app/conversation/text/nodes.ts";

interface Props {
  readonly text: string;
  readonly names: Names;
  /** Who reads it: to be named is worth noticing. */
  readonly me: string;
  /** What stands behind the text, on its last line. */
  readonly children?: ReactNode;
}

/** A few emoji and nothing else are a picture. */
const ONLY_EMOJI =
  /^(?:(?:\p{Extended_Pictographic}|\p{RI}\p{RI})(?:\p{EMod}|\uFE0F|\u200D\p{Extended_Pictographic})*\s*){1,5}$/u;

/** What somebody wrote. Text stays text: nothing in it is ever taken for HTML. */
export const MessageText = memo(function MessageText({ text, names, me, children }: Props) {
  const blocks = useMemo(() => blocksOf(text), [text]);
  const reader = useMemo(() => ({ names, me }), [names, me]);
  const isLarge = ONLY_EMOJI.test(text);
  return (
    <TextContext value={reader}>
      {/* A letter may bear thousands of accents: they end where the text does. */}
      <div
        dir="auto"
        className={`max-w-[75ch] overflow-y-clip [overflow-clip-margin:0.25rem] wrap-anywhere whitespace-pre-wrap ${isLarge ? "text-3xl leading-11" : ""}`}
      >
        <Blocks blocks={blocks} dir="auto">
          {children}
        </Blocks>
      </div>
    </TextContext>
  );
});

/**
 * Each block finds its own direction of writing. What lies in a list or a quote has that of the whole,
 * or else numbers and bars would stand on one side and the text on the other.
 */
type Direction = "auto" | undefined;

interface BlocksProps {
  readonly blocks: readonly Block[];
  readonly dir: Direction;
  readonly children?: ReactNode;
}

function Blocks({ blocks, dir, children }: BlocksProps) {
  const last = blocks.length - 1;
  const isTextLast = blocks[last]?.type === "paragraph";
  return (
    <>
      {blocks.map((block, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a text is shown anew as a whole.
        <Fragment key={at}>
          <BlockView block={block} dir={dir}>
            {at === last && isTextLast && children}
          </BlockView>
        </Fragment>
      ))}
      {!isTextLast && children}
    </>
  );
}

interface BlockProps {
  readonly block: Block;
  readonly dir: Direction;
  readonly children: ReactNode;
}

function BlockView({ block, dir, children }: BlockProps) {
  switch (block.type) {
    case "paragraph":
      return (
        <p dir={dir} className="not-first:mt-2">
          <InlineText nodes={block.nodes} />
          {children}
        </p>
      );
    case "heading":
      return (
        <p dir={dir} className="font-semibold not-first:mt-2">
          <InlineText nodes={block.nodes} />
        </p>
      );
    case "code":
      return <CodeBlock text={block.text} language={block.language} />;
    case "quote":
      return (
        <blockquote dir={dir} className="my-1 border-s-3 border-edge ps-3 text-soft">
          <Blocks blocks={block.blocks} dir={undefined} />
        </blockquote>
      );
    case "list":
      return <ListView items={block.items} dir={dir} />;
    case "table":
      return <TableView head={block.head} rows={block.rows} />;
  }
}

interface ListProps {
  readonly items: readonly Item[];
  readonly dir: Direction;
}

function ListView({ items, dir }: ListProps) {
  const isOrdered = items[0]?.number !== null;
  const List = isOrdered ? "ol" : "ul";
  return (
    <List dir={dir} className={`my-0.5 ps-6 ${isOrdered ? "list-decimal" : "list-disc"}`}>
      {items.map(({ number, blocks }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a text is shown anew as a whole.
        <li key={at} value={number ?? undefined}>
          <Blocks blocks={blocks} dir={undefined} />
        </li>
      ))}
    </List>
  );
}

interface TableProps {
  readonly head: readonly (readonly Inline[])[];
  readonly rows: readonly (readonly (readonly Inline[])[])[];
}

function TableView({ head, rows }: TableProps) {
  const cell = "border border-line px-2.5 py-1 text-start align-top";
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable.
    <div tabIndex={0} className="my-1 w-fit max-w-full overflow-x-auto">
      <table className="border-collapse text-sm wrap-normal">
        <thead>
          <tr>
            {head.map((nodes, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a text is shown anew as a whole.
              <th key={at} className={`${cell} bg-panel font-semibold`}>
                <InlineText nodes={nodes} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, line) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a text is shown anew as a whole.
            <tr key={line}>
              {row.map((nodes, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a text is shown anew as a whole.
                <td key={at} className={cell}>
                  <InlineText nodes={nodes} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
