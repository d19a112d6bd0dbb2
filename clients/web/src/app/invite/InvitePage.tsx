import { useCallback } from "react";
import { type Invitation, RoomInvitesApi } from "#api/invites.ts";
import { useApp } from "#app/context.ts";
import { navigate, pathOfRoom } from "#app/router.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Anchor } from "#app/ui/Anchor.tsx";
import { BackToRooms } from "#app/ui/BackToRooms.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Hollow } from "#app/ui/Hollow.tsx";
import { Skeleton } from "#app/ui/Skeleton.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useLoad } from "#app/ui/useLoad.ts";
import type { Problem } from "#wire/problem.ts";

interface Props {
  readonly code: string;
}

/** Where the link of an invitation leads: what it is to, before one says yes. */
export function InvitePage({ code }: Props) {
  const api = useApi(RoomInvitesApi);
  const { value, loading, reload } = useLoad(useCallback(() => api.look(code), [api, code]));
  return (
    <main className="flex min-h-0 grow flex-col overflow-y-auto px-4 pt-[env(safe-area-inset-top)]">
      <div className="flex h-15 shrink-0 items-center md:hidden">
        <BackToRooms />
      </div>
      {value ? (
        <Card code={code} invitation={value} />
      ) : loading.phase === "failed" ? (
        <NotGood problem={loading.problem} onRetry={() => void reload()} />
      ) : (
        <div className="m-auto w-full max-w-sm">
          <Skeleton rows={2} shape="card" label="Loading the invitation" />
        </div>
      )}
    </main>
  );
}

interface CardProps extends Props {
  readonly invitation: Invitation;
}

function Card({ code, invitation }: CardProps) {
  const { roomId, title, topic, members, madeBy, role, isMember } = invitation;
  const { lobby } = useApp();
  const api = useApi(RoomInvitesApi);
  const { isBusy, problem, run } = useAttempt(async () => {
    const room = await api.accept(code);
    await lobby.enter(room);
    navigate(pathOfRoom(room.id), "replace");
  });
  return (
    <div className="m-auto w-full max-w-sm rounded-2xl border border-line bg-raised p-6 shadow-card">
      <p className="text-sm text-soft">
        <bdi className="font-medium text-ink">{madeBy.name}</bdi> invites you
        {role === "admin" && " to look after the room"}
      </p>
      <h1 className="mt-1 text-2xl font-semibold tracking-tight wrap-anywhere">{title}</h1>
      {topic !== "" && <p className="mt-1 text-soft wrap-anywhere">{topic}</p>}
      <p className="mt-3 text-sm text-soft">
        {members === 1 ? "One member" : `${members.toLocaleString("en")} members`}
      </p>
      {problem && (
        <div className="mt-4">
          <Alert>{SENTENCES[problem.code] ?? problem.message}</Alert>
        </div>
      )}
      {isMember ? (
        <Anchor
          to={pathOfRoom(roomId)}
          className="mt-5 inline-flex min-h-10 w-full items-center justify-center rounded-lg bg-accent px-4 font-medium text-on-accent hover:bg-accent-strong"
        >
          You are in it: open the room
        </Anchor>
      ) : (
        <Button className="mt-5 w-full" disabled={isBusy} onClick={() => void run()}>
          Join {title}
        </Button>
      )}
    </div>
  );
}

const SENTENCES: Readonly<Record<string, string>> = {
  banned: "You were banned from this room.",
  forbidden: "You were banned from this room.",
  room_full: "The room is full.",
  room_locked: "Too many came at once, or the door is locked. Try again later.",
  not_found: "The invitation is no longer good.",
};

interface NotGoodProps {
  readonly problem: Problem;
  readonly onRetry: () => void;
}

function NotGood({ problem, onRetry }: NotGoodProps) {
  if (problem.retryable) {
    return (
      <Hollow title={problem.message} isPage>
        <Button look="quiet" onClick={onRetry}>
          Try again
        </Button>
      </Hollow>
    );
  }
  return (
    <Hollow title="This invitation is not good." isPage>
      <p className="text-sm text-soft">
        It may be used up, too old or revoked, or the link is cut off. Ask for another one.
      </p>
      <Anchor to="/rooms" className="py-2 font-medium text-accent hover:underline">
        To your rooms
      </Anchor>
    </Hollow>
  );
}
