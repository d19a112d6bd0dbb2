import { useMemo } from "react";
import { encode } from "uqr";

interface Props {
  readonly text: string;
  readonly label: string;
}

/** Quiet space around, in modules: cameras need it. */
const BORDER = 2;

/** Drawn here, so that the secret in it goes nowhere; black on white also by night. */
export function QrCode({ text, label }: Props) {
  const { path, size } = useMemo(() => drawn(text), [text]);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="mx-auto my-3 size-48 rounded-lg"
    >
      <path d={`M0 0h${size}v${size}h-${size}z`} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

/** Each dark module as a square of 1 by 1. */
function drawn(text: string): { readonly path: string; readonly size: number } {
  const { data, size } = encode(text, { ecc: "M", border: BORDER });
  const squares = data.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])),
  );
  return { path: squares.join(""), size };
}
