import { type ComponentType, lazy, Suspense, useCallback } from "react";
import { MeApi } from "#api/me.ts";
import { MeContext } from "#app/settings/me.ts";
import { SettingsNav } from "#app/settings/SettingsNav.tsx";
import { ALSO, SECTIONS, type Section } from "#app/settings/sections.ts";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Area } from "#app/ui/Area.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Fetched } from "#app/ui/Fetched.tsx";
import { Hollow } from "#app/ui/Hollow.tsx";
import { Icon } from "#app/ui/Icon.tsx";
import { Skeleton } from "#app/ui/Skeleton.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useDocumentTitle } from "#app/ui/useDocumentTitle.ts";
import { useLoad } from "#app/ui/useLoad.ts";

interface Props {
  /** Empty for the list of sections; a wide page shows the first one beside it. */
  readonly section: string;
}

/** Everything that can be set: sections on the left, one of them on the right; a phone has one of the two. */
export function SettingsPage({ section }: Props) {
  const api = useApi(MeApi);
  const loaded = useLoad(useCallback(() => api.get(), [api]));
  const asked = ALSO[section] ?? section;
  const shown = SECTIONS.find(
    ({ id, needs }) =>
      id === (asked || "profile") &&
      (needs === null || loaded.value === null || needs.includes(loaded.value.role)),
  );
  useDocumentTitle(`${section === "" ? "Settings" : (shown?.title ?? "No such page")} - Hubbub`);
  return (
    <div className="flex h-full flex-col md:flex-row">
      <SettingsNav me={loaded.value} current={shown?.id ?? ""} isPage={section === ""} />
      <main
        className={`${section === "" ? "hidden" : "flex"} min-h-0 min-w-0 grow flex-col overflow-y-auto pt-[env(safe-area-inset-top)] md:flex`}
      >
        {loaded.value === null && loaded.loading.phase === "failed" ? (
          <NotRead why={loaded.loading.problem.message} onAgain={() => void loaded.reload()} />
        ) : (
          <Fetched from={loaded} label="Loading your account" rows={6}>
            {(me) => (
              <MeContext value={{ me, replace: loaded.replace, reload: loaded.reload }}>
                <Area key={asked} name="This page">
                  {shown ? <Shown section={shown} /> : <NotThere />}
                </Area>
              </MeContext>
            )}
          </Fetched>
        )}
      </main>
    </div>
  );
}

function Shown({ section }: { readonly section: Section }) {
  const Content = contentOf(section);
  return (
    <div className="mx-auto w-full max-w-3xl px-4 pb-[calc(env(safe-area-inset-bottom)+2rem)] md:px-8 md:py-10">
      <div className="flex h-15 items-center gap-2 md:h-auto md:pb-2">
        <Anchor
          to="/settings"
          className="-ml-2 inline-flex size-10 shrink-0 items-center justify-center rounded-lg text-soft hover:bg-hover md:hidden"
        >
          <Icon name="back" />
          <span className="sr-only">Back to settings</span>
        </Anchor>
        <h1 className="text-lg font-semibold tracking-tight md:text-2xl">{section.title}</h1>
      </div>
      <Suspense fallback={<Skeleton rows={5} shape="card" label={`Loading ${section.title}`} />}>
        <Content />
      </Suspense>
    </div>
  );
}

interface NotReadProps {
  readonly why: string;
  readonly onAgain: () => void;
}

/** A phone shows nothing beside it, so it has its own way back. */
function NotRead({ why, onAgain }: NotReadProps) {
  return (
    <Hollow title="Your settings could not be loaded." isPage>
      <p role="alert" className="text-sm text-soft">
        {why}
      </p>
      <Button onClick={onAgain}>Try again</Button>
      <Anchor to="/rooms" className="py-2 font-medium text-accent hover:underline">
        Back to rooms
      </Anchor>
    </Hollow>
  );
}

function NotThere() {
  return (
    <Hollow title="There is no such page." isPage>
      <p className="text-sm text-soft">
        The address may be cut off, or it is for those who run this server.
      </p>
      <Anchor to="/settings" className="py-2 font-medium text-accent hover:underline">
        To your settings
      </Anchor>
    </Hollow>
  );
}

const contents = new Map<string, ComponentType>();

/** A lazy component must stay the same one, or its state is lost with every render. */
function contentOf({ id, load }: Section): ComponentType {
  const known = contents.get(id) ?? lazy(async () => ({ default: await load() }));
  contents.set(id, known);
  return known;
}
