import { useState } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { AddPeople } from "#app/conversation/AddPeople.tsx";
import { navigate, pathOfRoom } from "#app/router.ts";
import { Avatar } from "#app/ui/Avatar.tsx";
import { Button } from "#app/ui/Button.tsx";
import { IconButton } from "#app/ui/IconButton.tsx";
import { Skeleton } from "#app/ui/Skeleton.tsx";
import { readerOf } from "#state/hearing.ts";
import type { Conversation } from "#state/model.ts";
import type { Member, Person } from "#wire/shapes.ts";

interface Props {
  readonly roomId: string;
  readonly conversation: Conversation;
  readonly onClose: () => void;
}

/** Who belongs to the room, those who are here first. */
export function Members({ roomId, conversation, onClose }: Props) {
  const { members, membersLoading, roster } = conversation;
  const sorted = members.toSorted((a, b) => a.person.name.localeCompare(b.person.name));
  const here = sorted.filter(({ person }) => roster.online.has(person.id));
  const away = sorted.filter(({ person }) => !roster.online.has(person.id));
  return (
    <aside
      aria-label="Members"
      className="absolute inset-0 z-20 flex flex-col bg-panel lg:static lg:w-64 lg:shrink-0 lg:border-l lg:border-line"
    >
      <div className="flex h-15 shrink-0 items-center justify-between px-4">
        <h2 className="font-semibold">Members</h2>
        <IconButton icon="close" label="Close members" onClick={onClose} />
      </div>
      <div className="grow overflow-y-auto px-2">
        {membersLoading.phase === "loading" && <Skeleton rows={4} label="Loading members" />}
        {membersLoading.phase === "failed" && (
          <p className="px-2 text-sm text-soft">{membersLoading.problem.message}</p>
        )}
        <Group title="Online" members={here} isHere />
        <Group title="Offline" members={away} isHere={false} />
      </div>
      <Foot roomId={roomId} conversation={conversation} />
    </aside>
  );
}

interface GroupProps {
  readonly title: string;
  readonly members: readonly Member[];
  readonly isHere: boolean;
}

function Group({ title, members, isHere }: GroupProps) {
  if (members.length === 0) return null;
  return (
    <section aria-label={title} className="mb-4">
      <h3 className="px-2 pb-1 text-xs font-semibold text-soft">
        {title} · {members.length}
      </h3>
      <ul>
        {members.map(({ person, role }) => (
          <li
            key={person.id}
            className="group flex min-h-10 items-center gap-2.5 rounded-lg px-2 hover:bg-hover"
          >
            <span className={`relative ${isHere ? "" : "opacity-60"}`}>
              <Avatar person={person} className="size-7 text-xs" />
              {isHere && (
                <span className="absolute -right-0.5 -bottom-0.5 size-2.5 rounded-full border-2 border-panel bg-here" />
              )}
            </span>
            <span className={`min-w-0 grow truncate text-sm ${isHere ? "" : "text-soft"}`}>
              {person.name}
            </span>
            {role !== "member" && <span className="text-xs text-soft">{role}</span>}
            <TalkTo person={person} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Leads to the direct room with somebody; shown under the pointer, on touch, and to the keyboard. */
function TalkTo({ person }: { readonly person: Person }) {
  const { lobby } = useApp();
  const me = useAppState(readerOf);
  if (person.id === me) return null;

  async function open(): Promise<void> {
    const room = await lobby.talkTo(person);
    if (room) navigate(pathOfRoom(room.id));
  }

  return (
    <IconButton
      icon="send"
      label={`Write to ${person.name}`}
      className="-mr-1 pointer-fine:opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
      onClick={() => void open()}
    />
  );
}

interface FootProps {
  readonly roomId: string;
  readonly conversation: Conversation;
}

/** What can be done about who is in. A direct room is its people, so nothing there. */
function Foot({ roomId, conversation: { room, members } }: FootProps) {
  const [isAdding, setIsAdding] = useState(false);
  if (!room?.role || room.kind === "direct" || room.kind === "group") return null;
  const mayAdd = room.kind === "private" && (room.role === "owner" || room.role === "admin");
  return (
    <div className="flex flex-col gap-2 border-t border-line p-3">
      {mayAdd && <Button onClick={() => setIsAdding(true)}>Add people</Button>}
      <Leave roomId={roomId} />
      {isAdding && (
        <AddPeople roomId={roomId} members={members} onClose={() => setIsAdding(false)} />
      )}
    </div>
  );
}

function Leave({ roomId }: { readonly roomId: string }) {
  const { lobby } = useApp();
  const [isBusy, setIsBusy] = useState(false);

  async function leave(): Promise<void> {
    setIsBusy(true);
    const isOut = await lobby.leave(roomId);
    setIsBusy(false);
    if (isOut) navigate("/rooms");
  }

  return (
    <Button look="quiet" disabled={isBusy} onClick={() => void leave()}>
      Leave room
    </Button>
  );
}
