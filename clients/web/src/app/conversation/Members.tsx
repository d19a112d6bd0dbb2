import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { useAppState } from "#app/context.ts";
import { MemberItem } from "#app/conversation/MemberItem.tsx";
import { rosterOf } from "#app/rooms/standing.ts";
import { Area } from "#app/ui/Area.tsx";
import { IconButton } from "#app/ui/IconButton.tsx";
import { Skeleton } from "#app/ui/Skeleton.tsx";
import type { Conversation } from "#state/model.ts";
import { type Standing, standingIn } from "#state/roster.ts";
import type { Member } from "#wire/shapes.ts";

interface Props {
  readonly conversation: Conversation;
  /** What can be done about who is in. */
  readonly foot: ReactNode;
  readonly onClose: () => void;
}

/** From here on the members stand beside the conversation, not over it (Tailwind's `lg`). */
const BESIDE = "(min-width: 64rem)";

/** Who belongs to the room, those who are here first. */
export function Members({ conversation, foot, onClose }: Props) {
  const ref = useRef<HTMLElement>(null);

  useEffect(() => {
    if (!window.matchMedia(BESIDE).matches) ref.current?.querySelector("button")?.focus();
  }, []);

  return (
    <aside
      ref={ref}
      aria-label="Members"
      onKeyDown={(event) => isEscape(event) && onClose()}
      className="absolute inset-0 z-20 flex flex-col border-line bg-panel pt-[env(safe-area-inset-top)] md:left-auto md:w-72 md:shrink-0 md:border-l md:shadow-card lg:static lg:shadow-none"
    >
      <div className="flex h-15 shrink-0 items-center justify-between px-4">
        <h2 className="font-semibold">Members</h2>
        <IconButton icon="close" label="Close members" className="-mr-2" onClick={onClose} />
      </div>
      <Area name="The list of members">
        <div className="grow overflow-y-auto overscroll-contain px-2">
          <Everybody conversation={conversation} />
        </div>
      </Area>
      {foot}
    </aside>
  );
}

/** In a dialog that stands before the members Escape closes only that. */
function isEscape({ key, target }: KeyboardEvent): boolean {
  return key === "Escape" && !(target instanceof Element && target.closest("dialog"));
}

interface EverybodyProps {
  readonly conversation: Conversation;
}

function Everybody({ conversation }: EverybodyProps) {
  const { members, membersLoading } = conversation;
  const roomId = conversation.room?.id ?? "";
  const roster = useAppState((state) => rosterOf(state, conversation.roster));
  const presence = useAppState((state) => state.presence);
  const sorted = members
    .toSorted((a, b) => a.person.name.localeCompare(b.person.name))
    .map((member) => {
      const told = presence[member.person.id];
      return { member, standing: standingIn(roster, member.person.id, told) };
    });
  const of = (...standings: Standing[]) => sorted.filter((one) => standings.includes(one.standing));
  return (
    <>
      {membersLoading.phase === "loading" && members.length === 0 && (
        <Skeleton rows={6} shape="person" label="Loading members" />
      )}
      {membersLoading.phase === "failed" && (
        <p className="px-2 pb-3 text-sm text-soft">{membersLoading.problem.message}</p>
      )}
      {!roster.isKnown && members.length > 0 && (
        <p className="px-2 pb-3 text-sm text-soft">Who is here is not known right now.</p>
      )}
      <Group roomId={roomId} title="Online" people={of("online", "away", "dnd")} />
      <Group
        roomId={roomId}
        title={roster.isKnown ? "Others" : "Everybody"}
        people={of("unknown")}
      />
      <Group roomId={roomId} title="Offline" people={of("offline")} />
    </>
  );
}

interface GroupProps {
  readonly roomId: string;
  readonly title: string;
  readonly people: readonly { readonly member: Member; readonly standing: Standing }[];
}

function Group({ roomId, title, people }: GroupProps) {
  if (people.length === 0) return null;
  return (
    <section aria-label={title} className="mb-4">
      <h3 className="px-2 pb-1 text-xs font-semibold text-soft">
        {title} · {people.length}
      </h3>
      <ul>
        {people.map(({ member, standing }) => (
          <MemberItem key={member.person.id} roomId={roomId} member={member} standing={standing} />
        ))}
      </ul>
    </section>
  );
}
