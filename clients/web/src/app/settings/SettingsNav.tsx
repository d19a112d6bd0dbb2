import type { Me } from "#api/me.ts";
import { pathOfSection, SECTIONS, type Section } from "#app/settings/sections.ts";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Icon } from "#app/ui/Icon.tsx";

interface Props {
  /** Null until the server has said who it is. */
  readonly me: Me | null;
  readonly current: string;
  /** It is all that a phone shows. */
  readonly isPage: boolean;
}

export function SettingsNav({ me, current, isPage }: Props) {
  const own = SECTIONS.filter(({ needs }) => needs === null);
  const shared = SECTIONS.filter(({ needs }) => me !== null && needs?.includes(me.role));
  const marked = { current, isPage };
  return (
    <header
      className={`${isPage ? "flex" : "hidden"} min-h-0 grow flex-col overflow-y-auto bg-panel pt-[env(safe-area-inset-top)] md:flex md:h-full md:w-72 md:shrink-0 md:grow-0 md:border-r md:border-line`}
    >
      <div className="flex h-15 shrink-0 items-center px-2">
        <Anchor
          to="/rooms"
          className="inline-flex min-h-10 items-center gap-2 rounded-lg px-2.5 text-soft hover:bg-hover hover:text-ink"
        >
          <Icon name="back" />
          Back to rooms
        </Anchor>
      </div>
      {isPage && <h1 className="px-4.5 pb-2 text-2xl font-semibold md:hidden">Settings</h1>}
      <nav aria-label="Settings" className="px-2 pb-[calc(env(safe-area-inset-bottom)+0.75rem)]">
        <Group title="You" sections={own} {...marked} />
        {shared.length > 0 && <Group title="This server" sections={shared} {...marked} />}
      </nav>
    </header>
  );
}

interface GroupProps {
  readonly title: string;
  readonly sections: readonly Section[];
  readonly current: string;
  readonly isPage: boolean;
}

function Group({ title, sections, current, isPage }: GroupProps) {
  return (
    <section className="mb-4">
      <h2 className="px-2.5 pt-1 pb-1.5 text-xs font-semibold text-soft">{title}</h2>
      <ul className="flex flex-col gap-0.5">
        {sections.map(({ id, title: name, icon }) => (
          <li key={id}>
            <Anchor
              to={pathOfSection(id)}
              isCurrent={id === current}
              className={`flex min-h-11 items-center gap-3 rounded-lg px-2.5 transition-colors md:min-h-10 ${id === current ? (isPage ? "md:bg-accent-soft" : "bg-accent-soft") : "hover:bg-hover"}`}
            >
              <Icon name={icon} className="size-5 text-soft" />
              {name}
            </Anchor>
          </li>
        ))}
      </ul>
    </section>
  );
}
