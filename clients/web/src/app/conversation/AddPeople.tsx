import { useCallback, useState } from "react";
import { useApp } from "#app/context.ts";
import { Avatar } from "#app/ui/Avatar.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { SearchBox } from "#app/ui/SearchBox.tsx";
import { Skeleton } from "#app/ui/Skeleton.tsx";
import { useSearch } from "#app/ui/useSearch.ts";
import type { Member, Person } from "#wire/shapes.ts";

interface Props {
  readonly roomId: string;
  readonly members: readonly Member[];
  readonly onClose: () => void;
}

/** Into a private room people come only like this. */
export function AddPeople({ roomId, members, onClose }: Props) {
  const { lobby } = useApp();
  const [query, setQuery] = useState("");
  const find = useCallback((words: string) => lobby.findPeople(words), [lobby]);
  const { items, loading } = useSearch(find, query.trim());
  const inside = new Set(members.map(({ person }) => person.id));
  return (
    <Dialog title="Add people" onClose={onClose}>
      <SearchBox label="Search people" value={query} onChange={setQuery} />
      <ul className="-mx-1 mt-3 flex h-64 flex-col overflow-y-auto">
        {items.map((person) => (
          <Found key={person.id} roomId={roomId} person={person} isIn={inside.has(person.id)} />
        ))}
        {loading.phase === "loading" && <Skeleton rows={4} shape="person" label="Loading people" />}
        {loading.phase === "ready" && items.length === 0 && (
          <p className="p-2 text-sm text-soft">Nobody of this name.</p>
        )}
        {loading.phase === "failed" && (
          <p className="p-2 text-sm text-danger">{loading.problem.message}</p>
        )}
      </ul>
    </Dialog>
  );
}

interface FoundProps {
  readonly roomId: string;
  readonly person: Person;
  readonly isIn: boolean;
}

function Found({ roomId, person, isIn }: FoundProps) {
  const { lobby } = useApp();
  const [isBusy, setIsBusy] = useState(false);

  async function add(): Promise<void> {
    setIsBusy(true);
    await lobby.add(roomId, person);
    setIsBusy(false);
  }

  return (
    <li className="flex min-h-12 items-center gap-3 px-1">
      <Avatar person={person} className="size-8 text-xs" />
      <span className="min-w-0 grow truncate">{person.name}</span>
      {isIn ? (
        <span className="pr-2 text-sm text-soft">Member</span>
      ) : (
        <Button look="quiet" disabled={isBusy} onClick={() => void add()}>
          Add<span className="sr-only"> {person.name}</span>
        </Button>
      )}
    </li>
  );
}
