import { lazy, Suspense } from "react";
import { useAppState } from "#app/context.ts";
import type { Person } from "#wire/shapes.ts";

/** Few open it, and not often: it comes when it is. */
const PersonDialog = lazy(async () => ({
  default: (await import("#app/people/PersonDialog.tsx")).PersonDialog,
}));

interface Props {
  readonly person: Person;
  readonly roomId: string;
  readonly onClose: () => void;
}

/** Somebody whose name stands in a room. */
export function LatePerson({ person, roomId, onClose }: Props) {
  const role = useAppState(({ conversations }) => {
    const conversation = conversations[roomId];
    const member = conversation?.members.find((known) => known.person.id === person.id);
    return member?.role ?? (conversation?.membersLoading.phase === "ready" ? null : "unknown");
  });
  return (
    <Suspense fallback={null}>
      <PersonDialog
        person={person}
        roomId={roomId}
        roleThere={role}
        onChange={() => {}}
        onClose={onClose}
      />
    </Suspense>
  );
}
