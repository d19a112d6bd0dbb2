import { type KeyboardEvent, type ReactNode, useCallback, useId, useState } from "react";
import type { Page } from "#api/pages.ts";
import { useApp, useAppState } from "#app/context.ts";
import { RoomPicture } from "#app/rooms/RoomPicture.tsx";
import { ranked } from "#app/rooms/switching.ts";
import { navigate, pathOfRoom } from "#app/router.ts";
import { Avatar } from "#app/ui/Avatar.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { useSearch } from "#app/ui/useSearch.ts";
import { readerOf } from "#state/hearing.ts";
import { type Rooms, titleOf } from "#state/roomlist.ts";
import type { Person } from "#wire/shapes.ts";

interface Props {
  readonly onClose: () => void;
}

/** One place that can be jumped to. */
interface Goal {
  readonly key: string;
  readonly title: string;
  readonly note: string;
  readonly picture: ReactNode;
  readonly go: () => Promise<void>;
}

/** Few enough that rooms stay in sight. */
const MOST_PEOPLE = 5;
const NOBODY: Page<Person> = { items: [], next: null };

/** A few letters and Enter lead to a room or a person, without the mouse. */
export function Switcher({ onClose }: Props) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const goals = useGoals(query);
  const listId = useId();
  const chosen = Math.min(at, goals.length - 1);

  function take(goal: Goal | undefined): void {
    if (!goal) return;
    onClose();
    void goal.go();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && goals.length > 0) {
      event.preventDefault();
      setAt((chosen + step + goals.length) % goals.length);
    }
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault(); // Or the message box that gets the focus would take the key as well.
    take(goals[chosen]);
  }

  return (
    <Dialog title="Jump to" onClose={onClose}>
      <input
        role="combobox"
        aria-label="Room or person"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={goals.length > 0 ? `${listId}-${chosen}` : undefined}
        autoComplete="off"
        placeholder="Room or person"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        className="h-11 w-full rounded-lg border border-edge bg-raised px-3 outline-offset-0 placeholder:text-soft"
      />
      <div className="-mx-2 mt-3 h-88 overflow-y-auto">
        <div id={listId} role="listbox" aria-label="Rooms and people">
          {goals.map((goal, number) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are taken where one writes.
            <div
              key={goal.key}
              id={`${listId}-${number}`}
              role="option"
              tabIndex={-1}
              aria-selected={number === chosen}
              onClick={() => take(goal)}
              onPointerMove={() => setAt(number)}
              className="flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-2 aria-selected:bg-accent-soft"
            >
              {goal.picture}
              <span className="min-w-0 grow truncate">{goal.title}</span>
              {goal.note !== "" && <span className="shrink-0 text-xs text-soft">{goal.note}</span>}
            </div>
          ))}
        </div>
        {goals.length === 0 && (
          <p className="px-2 text-sm text-soft">No room and nobody of this name.</p>
        )}
      </div>
    </Dialog>
  );
}

function useGoals(query: string): readonly Goal[] {
  const { lobby } = useApp();
  const rooms = useAppState((state) => state.rooms);
  const me = useAppState(readerOf);
  const words = query.trim();
  const find = useCallback(
    (name: string) => (name === "" ? Promise.resolve(NOBODY) : lobby.findPeople(name)),
    [lobby],
  );
  const { items: people } = useSearch(find, words);
  const listed = ranked(Object.values(rooms), query, me).map(({ room, unread, mentions }) => ({
    key: room.id,
    title: titleOf(room, me),
    note: noteFor(unread, mentions),
    picture: <RoomPicture room={room} />,
    go: async () => navigate(pathOfRoom(room.id)),
  }));
  const known = new Set(partnersIn(rooms));
  const others = people
    .filter(({ id }) => words !== "" && id !== me && !known.has(id))
    .slice(0, MOST_PEOPLE);
  const found = others.map((person) => ({
    key: person.id,
    title: person.name,
    note: "Write to",
    picture: <Avatar person={person} className="size-6 text-xs" />,
    go: async () => {
      const room = await lobby.talkTo(person);
      if (room) navigate(pathOfRoom(room.id));
    },
  }));
  return [...listed, ...found];
}

/** Whoever has a direct room with the reader is found as that room. */
function partnersIn(rooms: Rooms): readonly string[] {
  const direct = Object.values(rooms).filter(({ room }) => room.kind === "direct");
  return direct.flatMap(({ room }) => room.people.map(({ id }) => id));
}

function noteFor(unread: number, mentions: number): string {
  if (mentions > 0) return `${mentions} for you`;
  return unread > 0 ? `${unread} unread` : "";
}
