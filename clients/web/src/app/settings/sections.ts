/** What there is to set, in the order in which it is listed, and who may. */

import type { ComponentType } from "react";
import type { SystemRole } from "#api/me.ts";
import type { IconName } from "#app/ui/Icon.tsx";

export interface Section {
  /** How it stands in the address. */
  readonly id: string;
  readonly title: string;
  readonly icon: IconName;
  /** Null for those that are about the reader. */
  readonly needs: readonly SystemRole[] | null;
  readonly load: () => Promise<ComponentType>;
}

const RUNS_IT: readonly SystemRole[] = ["owner", "admin"];

export const SECTIONS: readonly Section[] = [
  {
    id: "profile",
    title: "Profile",
    icon: "person",
    needs: null,
    load: async () => (await import("#app/settings/profile/ProfileSection.tsx")).ProfileSection,
  },
  {
    id: "preferences",
    title: "Preferences",
    icon: "bell",
    needs: null,
    load: async () => (await import("#app/settings/Preferences.tsx")).PreferencesSection,
  },
  {
    id: "privacy",
    title: "Privacy",
    icon: "eye",
    needs: null,
    load: async () => (await import("#app/settings/privacy/PrivacySection.tsx")).PrivacySection,
  },
  {
    id: "security",
    title: "Log-in and security",
    icon: "shield",
    needs: null,
    load: async () => (await import("#app/security/SecuritySection.tsx")).SecuritySection,
  },
  {
    id: "devices",
    title: "Devices",
    icon: "device",
    needs: null,
    load: async () => (await import("#app/security/Devices.tsx")).DevicesSection,
  },
  {
    id: "tokens",
    title: "Tokens and bots",
    icon: "key",
    needs: null,
    load: async () => (await import("#app/settings/tokens/TokensSection.tsx")).TokensSection,
  },
  {
    id: "deleted-rooms",
    title: "Deleted rooms",
    icon: "trash",
    needs: null,
    load: async () => (await import("#app/desk/DeletedSection.tsx")).DeletedSection,
  },
  {
    id: "data",
    title: "Your data",
    icon: "file",
    needs: null,
    load: async () => (await import("#app/settings/data/DataSection.tsx")).DataSection,
  },
  {
    id: "people",
    title: "People",
    icon: "people",
    needs: RUNS_IT,
    load: async () => (await import("#app/admin/PeopleSection.tsx")).PeopleSection,
  },
  {
    id: "registration",
    title: "Registration",
    icon: "door",
    needs: RUNS_IT,
    load: async () => (await import("#app/admin/RegistrationSection.tsx")).RegistrationSection,
  },
  {
    id: "reports",
    title: "Reports",
    icon: "flag",
    needs: RUNS_IT,
    load: async () => (await import("#app/desk/reports/AllReports.tsx")).AllReports,
  },
  {
    id: "audit",
    title: "Audit log",
    icon: "list",
    needs: RUNS_IT,
    load: async () => (await import("#app/admin/AuditSection.tsx")).AuditSection,
  },
  {
    id: "mail",
    title: "Mail not sent",
    icon: "mail",
    needs: ["owner"],
    load: async () => (await import("#app/admin/MailSection.tsx")).MailSection,
  },
];

/** What the addresses of others lead to. */
export const ALSO: Readonly<Record<string, string>> = { identities: "security" };

export function pathOfSection(id: string): string {
  return `/settings/${id}`;
}
