import type { CustomItemComponentProps } from "virtua";

/** The frame of a line. What hangs over its edge must stand in front of the lines below. */
export function Line({ index: _, ...others }: CustomItemComponentProps) {
  return <div {...others} className="focus-within:z-10 hover:z-10" />;
}
