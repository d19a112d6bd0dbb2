import { lazy, Suspense, useEffect, useRef } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { LoginPage } from "#app/entry/LoginPage.tsx";
import { RegisterPage } from "#app/entry/RegisterPage.tsx";
import { SetupPage } from "#app/entry/SetupPage.tsx";
import { navigate, type Route, routeOf, usePath } from "#app/router.ts";
import { Button } from "#app/ui/Button.tsx";
import { Hollow } from "#app/ui/Hollow.tsx";
import { Logo } from "#app/ui/Logo.tsx";
import { useLate } from "#app/ui/useLate.ts";
import { forgetWanted, isInvited, keepWanted, takeWanted } from "#app/wanted.ts";

/**
 * A third of the program is for those who are in. It comes by itself, asked for at once: whoever is
 * logged in waits no longer, and others have it by the time they are.
 */
const loadRooms = () => import("#app/rooms/RoomsPage.tsx");
const RoomsPage = lazy(async () => ({ default: (await loadRooms()).RoomsPage }));

/** These few people open, and not often: each comes when it is. */
const SettingsPage = lazy(async () => ({
  default: (await import("#app/settings/SettingsPage.tsx")).SettingsPage,
}));
const ForgotPage = lazy(async () => ({
  default: (await import("#app/entry/ForgotPage.tsx")).ForgotPage,
}));
const MailPage = lazy(async () => ({
  default: (await import("#app/entry/MailPage.tsx")).MailPage,
}));

const GuestPage = lazy(async () => ({
  default: (await import("#app/guest/GuestPage.tsx")).GuestPage,
}));

const ENTRY_PAGES = ["login", "register", "setup", "forgot"];
/** Where the links of mails lead: whoever holds one may follow it, logged in or not. */
const MAIL_PAGES = ["verify", "confirm-email", "reset"];

/** The page for this address and this person. */
export function Pages() {
  const account = useAppState((state) => state.account);
  const path = usePath();
  const route = routeOf(path);
  const isEntry = ENTRY_PAGES.includes(route.page);
  useChosenTheme(account.phase);
  const isForAll = isOfMail(route) || route.page === "guest";
  useDoor(isForAll ? "all" : account.phase, path, isEntry);
  useEffect(() => {
    // Whoever needs it asks again, and is told.
    if (!isForAll) loadRooms().catch(() => {});
  }, [isForAll]);

  if (route.page === "guest") {
    return (
      <Suspense fallback={<Waiting />}>
        <GuestPage key={route.slug} slug={route.slug} />
      </Suspense>
    );
  }
  if (isOfMail(route)) {
    return (
      <Suspense fallback={<Waiting />}>
        <MailPage key={route.page} page={route.page} />
      </Suspense>
    );
  }
  if (account.phase === "restoring") return <Waiting />;
  if (account.phase === "unreachable") return <Unreachable />;
  if (account.phase === "in") {
    return isEntry ? null : (
      <Suspense fallback={<Waiting />}>
        {route.page === "settings" ? (
          <SettingsPage section={route.section} />
        ) : (
          <RoomsPage route={route} />
        )}
      </Suspense>
    );
  }
  return <EntryPage route={route} notice={account.notice ?? (isInvited() ? INVITED : null)} />;
}

const INVITED =
  "You are invited to a room. Log in, or create an account, and you come back to the invitation.";

interface EntryProps {
  readonly route: Route;
  readonly notice: string | null;
}

function EntryPage({ route, notice }: EntryProps) {
  if (route.page === "register") return <RegisterPage />;
  if (route.page === "setup") return <SetupPage />;
  if (route.page !== "forgot") return <LoginPage notice={notice} />;
  return (
    <Suspense fallback={<Waiting />}>
      <ForgotPage />
    </Suspense>
  );
}

type MailRoute = Extract<Route, { readonly page: "verify" | "confirm-email" | "reset" }>;

function isOfMail(route: Route): route is MailRoute {
  return MAIL_PAGES.includes(route.page);
}

/** From here on a reader wonders whether anything happens at all. */
const LONG_MS = 4_000;

function Waiting() {
  const isLate = useLate(true, LONG_MS);
  return (
    <main className="flex h-full flex-col items-center justify-center gap-4 p-6" aria-busy="true">
      <h1 className="sr-only">Hubbub</h1>
      <Logo className="size-12 animate-pulse" />
      <p role="status" className="min-h-12 max-w-xs text-center text-sm text-soft">
        {isLate && "This takes longer than usual: the server may just be starting."}
        {!isLate && <span className="sr-only">Loading</span>}
      </p>
    </main>
  );
}

function Unreachable() {
  const { account } = useApp();
  return (
    <main className="flex h-full flex-col">
      <Hollow title="The server cannot be reached." isPage>
        <p className="text-sm text-soft">
          It may be starting, or this device has no network. Nothing that you have sent is lost.
        </p>
        <Button onClick={() => void account.restore()}>Try again</Button>
      </Hollow>
    </main>
  );
}

/** After a log-in, and not when a page is only opened again. */
function useChosenTheme(phase: string): void {
  const { call } = useApp();
  const before = useRef(phase);
  useEffect(() => {
    const hasComeIn = before.current === "out" && phase === "in";
    before.current = phase;
    if (!hasComeIn) return;
    void import("#app/settings/wear.ts").then(
      ({ wearChosenTheme }) => wearChosenTheme(call),
      () => {}, // Without its code the page is worn as it is.
    );
  }, [phase, call]);
}

/** Lead strangers to the log-in, and from there to the page that they wanted. */
function useDoor(phase: string, path: string, isEntry: boolean): void {
  useEffect(() => {
    if (phase === "out" && !isEntry) {
      keepWanted(path);
      navigate("/login", "replace");
    }
    if (phase !== "in") return;
    if (isEntry || path === "/") navigate(takeWanted(), "replace");
    else forgetWanted();
  }, [phase, path, isEntry]);
}
