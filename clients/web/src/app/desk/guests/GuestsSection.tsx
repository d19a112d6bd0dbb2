import type { DeskProps } from "#app/desk/desk.ts";
import { DoorBlock } from "#app/desk/guests/DoorBlock.tsx";
import { GuestList } from "#app/desk/guests/GuestList.tsx";
import { HoursBlock } from "#app/desk/guests/HoursBlock.tsx";
import { LinkBlock } from "#app/desk/guests/LinkBlock.tsx";
import { PurgeBlock } from "#app/desk/guests/PurgeBlock.tsx";
import { TranscriptBlock } from "#app/desk/TranscriptBlock.tsx";

/** The desk of a facilitator: the link, the hours, the door, who is in, and the end. */
export function GuestsSection(desk: DeskProps) {
  const { kept, rights, onChange } = desk;
  const { room } = kept;
  return (
    <>
      <LinkBlock slug={room.slug} title={room.title} hasPassword={kept.hasPassword === true} />
      <HoursBlock kept={kept} onChange={onChange} />
      <GuestList roomId={room.id} isClosed={room.state === "closed"} />
      <DoorBlock kept={kept} onChange={onChange} />
      <PurgeBlock kept={kept} onChange={onChange} />
      {rights.has("take_transcript") && <TranscriptBlock room={room} purgeAt={kept.purgeAt} />}
    </>
  );
}
