/** What the sections of a room's desk share. */

import type { KeptRoom, Rights } from "#api/desk.ts";

export interface DeskProps {
  readonly kept: KeptRoom;
  /** What the reader may do here; nothing else is offered. */
  readonly rights: Rights;
  /** The server has taken a change. */
  readonly onChange: (kept: KeptRoom) => void;
}
