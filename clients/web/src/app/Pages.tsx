import { useEffect, useRef } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { LoginPage } from "#app/entry/LoginPage.tsx";
import { RegisterPage } from "#app/entry/RegisterPage.tsx";
import { SetupPage } from "#app/entry/SetupPage.tsx";
import { RoomsPage } from "#app/rooms/RoomsPage.tsx";
import { navigate, routeOf, usePath } from "#app/router.ts";
import { Button } from "#app/ui/Button.tsx";
import { Hollow } from "#app/ui/Hollow.tsx";
import { Logo } from "#app/ui/Logo.tsx";

const ENTRY_PAGES = ["login", "register", "setup"];

/** The page for this address and this person. */
export function Pages() {
  const account = useAppState((state) => state.account);
  const { account: doors } = useApp();
  const path = usePath();
  const route = routeOf(path);
  const isEntry = ENTRY_PAGES.includes(route.page);
  useDoor(account.phase, path, isEntry);

  if (account.phase === "restoring") {
    return (
      <main className="flex h-full items-center justify-center" aria-busy="true">
        <Logo className="size-12 animate-pulse" />
        <span className="sr-only">Loading</span>
      </main>
    );
  }
  if (account.phase === "unreachable") {
    return (
      <main className="flex h-full">
        <Hollow title="The server cannot be reached.">
          <Button onClick={() => void doors.restore()}>Try again</Button>
        </Hollow>
      </main>
    );
  }
  if (account.phase === "in") return isEntry ? null : <RoomsPage route={route} />;
  if (route.page === "register") return <RegisterPage />;
  if (route.page === "setup") return <SetupPage />;
  return <LoginPage notice={account.notice} />;
}

/** Lead strangers to the log-in, and from there to the page that they wanted. */
function useDoor(phase: string, path: string, isEntry: boolean): void {
  const wanted = useRef("/rooms");
  useEffect(() => {
    if (phase === "out" && !isEntry) {
      wanted.current = path === "/" ? "/rooms" : path;
      navigate("/login", "replace");
    }
    if (phase === "in" && (isEntry || path === "/")) navigate(wanted.current, "replace");
    if (phase === "in") wanted.current = "/rooms";
  }, [phase, path, isEntry]);
}
