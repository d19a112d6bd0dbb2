import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from "react";
import { AppContext, useApp } from "#app/context.ts";
import { Doorstep } from "#app/guest/Doorstep.tsx";
import { pocketOf } from "#app/guest/pocket.ts";
import { Yourself } from "#app/guest/Yourself.tsx";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Area } from "#app/ui/Area.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Complaints } from "#app/ui/Complaints.tsx";
import { Hollow } from "#app/ui/Hollow.tsx";
import { Skeleton } from "#app/ui/Skeleton.tsx";
import { GuestVisit } from "#state/visit.ts";
import type { Problem } from "#wire/problem.ts";

const loadRoom = () => import("#app/guest/GuestRoom.tsx");
const GuestRoom = lazy(async () => ({ default: (await loadRoom()).GuestRoom }));

interface Props {
  readonly slug: string;
}

/** The link of a guest room: its door, the room itself, and what stays after it. */
export function GuestPage({ slug }: Props) {
  const { outside } = useApp();
  const [visit] = useState(() => new GuestVisit(outside, pocketOf(slug, outside.newId), slug));
  const now = useSyncExternalStore(visit.store.subscribe, visit.store.get);
  useSenses(visit);

  useEffect(() => {
    void visit.begin();
    loadRoom().catch(() => {}); // Whoever comes in asks again.
    return () => visit.stop();
  }, [visit]);

  if (now.phase === "asking") return <Asking />;
  if (now.phase === "failed") {
    return <Failed problem={now.problem} onRetry={() => void visit.begin()} />;
  }
  if (now.phase === "outside") {
    return <Doorstep visit={visit} now={now} footer={<Yourself slug={slug} />} />;
  }
  return (
    <AppContext value={visit.app}>
      <Area name="This room">
        <Suspense fallback={<Asking />}>
          <GuestRoom visit={visit} now={now} />
        </Suspense>
        <Complaints />
      </Area>
    </AppContext>
  );
}

/** The network and the eye of whoever reads are the page's, and the room's connection follows them. */
function useSenses(visit: GuestVisit): void {
  useEffect(() => {
    const { app } = visit;
    const wake = () => {
      app.sense("wake");
      visit.wake();
    };
    const offline = () => app.sense("offline");
    const look = () => document.visibilityState === "visible" && navigator.onLine && wake();
    window.addEventListener("online", wake);
    window.addEventListener("offline", offline);
    document.addEventListener("visibilitychange", look);
    return () => {
      window.removeEventListener("online", wake);
      window.removeEventListener("offline", offline);
      document.removeEventListener("visibilitychange", look);
    };
  }, [visit]);
}

function Asking() {
  return (
    <main className="mx-auto flex h-full w-full max-w-sm flex-col justify-center p-6">
      <h1 className="sr-only">Hubbub</h1>
      <Skeleton rows={3} shape="card" label="Loading the room" />
    </main>
  );
}

interface FailedProps {
  readonly problem: Problem;
  readonly onRetry: () => void;
}

function Failed({ problem, onRetry }: FailedProps) {
  const isUnknown = problem.code === "not_found";
  return (
    <main className="flex h-full flex-col">
      <Hollow title={isUnknown ? "There is no such room." : problem.message} isPage>
        <p className="text-sm text-soft">
          {isUnknown
            ? "The link may be cut off, or the room is over and was removed."
            : "Your device may have no network, or the server is starting."}
        </p>
        {isUnknown ? (
          <Anchor to="/rooms" className="py-2 font-medium text-accent hover:underline">
            To Hubbub
          </Anchor>
        ) : (
          <Button onClick={onRetry}>Try again</Button>
        )}
      </Hollow>
    </main>
  );
}
