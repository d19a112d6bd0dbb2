import type { DeskProps } from "#app/desk/desk.ts";
import { EndBlock } from "#app/desk/room/EndBlock.tsx";
import { NameBlock } from "#app/desk/room/NameBlock.tsx";
import { RulesBlock } from "#app/desk/room/RulesBlock.tsx";
import { TranscriptBlock } from "#app/desk/TranscriptBlock.tsx";

/** How a room is called, what goes in it, and its end. */
export function RoomSection(desk: DeskProps) {
  const { kept, rights } = desk;
  return (
    <>
      <NameBlock {...desk} />
      <RulesBlock {...desk} />
      {rights.has("take_transcript") && kept.room.kind !== "guest" && (
        <TranscriptBlock room={kept.room} purgeAt={kept.purgeAt} />
      )}
      <EndBlock {...desk} />
    </>
  );
}
