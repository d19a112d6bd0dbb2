/** What there is to look after in a room, in the order in which it is listed, and for whom. */

import type { ComponentType } from "react";
import type { KeptRoom, Rights } from "#api/desk.ts";
import type { DeskProps } from "#app/desk/desk.ts";

export interface DeskSection {
  /** How it stands in the address. */
  readonly id: string;
  readonly title: string;
  readonly isFor: (kept: KeptRoom, rights: Rights) => boolean;
  readonly load: () => Promise<ComponentType<DeskProps>>;
}

export const DESK_SECTIONS: readonly DeskSection[] = [
  {
    id: "guests",
    title: "Guests",
    isFor: ({ room }, rights) => room.kind === "guest" && rights.has("change_room"),
    load: async () => (await import("#app/desk/guests/GuestsSection.tsx")).GuestsSection,
  },
  {
    id: "members",
    title: "Members",
    isFor: (_, rights) => rights.has("read"),
    load: async () => (await import("#app/desk/members/MembersSection.tsx")).MembersSection,
  },
  {
    id: "invites",
    title: "Invitations",
    isFor: ({ room }, rights) => room.kind !== "guest" && rights.has("invite"),
    load: async () => (await import("#app/desk/InvitesSection.tsx")).InvitesSection,
  },
  {
    id: "reports",
    title: "Reports",
    isFor: (_, rights) => rights.has("moderate"),
    load: async () => (await import("#app/desk/reports/ReportsSection.tsx")).ReportsSection,
  },
  {
    id: "sanctions",
    title: "Bans and mutes",
    isFor: (_, rights) => rights.has("moderate"),
    load: async () => (await import("#app/desk/SanctionsSection.tsx")).SanctionsSection,
  },
  {
    id: "room",
    title: "Settings",
    isFor: (_, rights) => rights.has("change_room"),
    load: async () => (await import("#app/desk/room/RoomSection.tsx")).RoomSection,
  },
  {
    id: "history",
    title: "History",
    isFor: (_, rights) => rights.has("see_changes"),
    load: async () => (await import("#app/desk/HistorySection.tsx")).HistorySection,
  },
];
