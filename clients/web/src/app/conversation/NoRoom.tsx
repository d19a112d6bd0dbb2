import { Anchor } from "#app/ui/Anchor.tsx";
import { Hollow } from "#app/ui/Hollow.tsx";

/** Somebody who may not know of a room learns no more than that. */
export function NoRoom() {
  return (
    <Hollow title="There is no such room, or it is not open to you.">
      <p className="text-sm text-soft">Perhaps it was deleted, or you were not added.</p>
      <Anchor
        to="/rooms"
        className="inline-flex min-h-10 items-center rounded-lg px-3 font-medium text-accent hover:underline"
      >
        To your rooms
      </Anchor>
    </Hollow>
  );
}
