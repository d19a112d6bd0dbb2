import { useCallback } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { pathOfRoom } from "#app/router.ts";
import { Anchor } from "#app/ui/Anchor.tsx";
import { useLoad } from "#app/ui/useLoad.ts";

interface Props {
  readonly slug: string;
}

/** Whoever is logged in may be in the room already, above all whoever opened it. */
export function Yourself({ slug }: Props) {
  const name = useAppState(({ account }) => (account.phase === "in" ? account.user.name : null));
  return name === null ? null : <Known slug={slug} name={name} />;
}

interface KnownProps extends Props {
  readonly name: string;
}

function Known({ slug, name }: KnownProps) {
  const { outside } = useApp();
  const mine = useLoad(useCallback(() => outside.rooms.mine(), [outside]));
  const room = mine.value?.find((known) => known.slug === slug);
  if (!room) return <>You are logged in as {name}, and would come in as a guest all the same.</>;
  return (
    <>
      You are in this room as {name}.{" "}
      <Anchor to={pathOfRoom(room.id)} className="font-medium text-accent hover:underline">
        Open it as yourself
      </Anchor>
    </>
  );
}
