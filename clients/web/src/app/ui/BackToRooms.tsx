import { Anchor } from "#app/ui/Anchor.tsx";
import { Icon } from "#app/ui/Icon.tsx";

/** On a phone the list of rooms is a page of its own; this leads there. */
export function BackToRooms() {
  return (
    <Anchor
      to="/rooms"
      className="-ml-2 inline-flex size-10 shrink-0 pointer-coarse:size-11 items-center justify-center rounded-lg text-soft hover:bg-hover md:hidden"
    >
      <Icon name="back" />
      <span className="sr-only">Back to rooms</span>
    </Anchor>
  );
}
