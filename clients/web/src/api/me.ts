/** The reader's own account. */

import type { Call } from "#api/call.ts";
import { allOf } from "#api/pages.ts";
import type * as Http from "#wire/generated/http.ts";
import { flag, has, type Json, part, text, textOr, word } from "#wire/read.ts";

const ROLES = ["owner", "admin", "member"] as const;
export type SystemRole = (typeof ROLES)[number];

export interface Me {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly isEmailVerified: boolean;
  /** Who comes in by another place only has none. */
  readonly hasPassword: boolean;
  readonly role: SystemRole;
  readonly avatar: string | null;
}

/** A browser or program in which somebody is logged in. */
export interface Device {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly createdAt: string;
  readonly usedAt: string;
  readonly isThis: boolean;
}

export const NOTIFY = ["all", "mentions", "none"] as const;
export type Notify = (typeof NOTIFY)[number];

export interface Preferences {
  /** A language tag; null for what the device has. */
  readonly locale: string | null;
  readonly theme: "system" | "light" | "dark";
  readonly notifications: {
    readonly messages: Notify;
    readonly sound: boolean;
    readonly email: boolean;
  };
}

export class MeApi {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  get(): Promise<Me> {
    return this.#call({ method: "GET", path: "/v1/me" }, readMe);
  }

  rename(name: string): Promise<Me> {
    return this.#call({ method: "PATCH", path: "/v1/me", body: { name } }, readMe);
  }

  /** Show this picture from now on, wherever the reader is shown. */
  async showAs(picture: Blob): Promise<void> {
    await this.#call({ method: "PUT", path: "/v1/me/avatar", file: picture }, () => null);
  }

  async showNothing(): Promise<void> {
    await this.#call({ method: "DELETE", path: "/v1/me/avatar" }, () => null);
  }

  preferences(): Promise<Preferences> {
    return this.#call({ method: "GET", path: "/v1/me/preferences" }, readPreferences);
  }

  async prefer(body: Preferences): Promise<void> {
    await this.#call({ method: "PUT", path: "/v1/me/preferences", body }, () => null);
  }

  /** A mail with a link goes to the new address; until that is followed the old one stays. */
  async changeEmail(email: string): Promise<void> {
    const path = "/v1/auth/email/change";
    await this.#call({ method: "POST", path, body: { email } }, () => null);
  }

  /** All other devices are logged out. */
  async changePassword(old: string, next: string): Promise<void> {
    const body = { old, new: next };
    await this.#call({ method: "POST", path: "/v1/auth/password/change", body }, () => null);
  }

  devices(): Promise<readonly Device[]> {
    return allOf(this.#call, "/v1/auth/sessions", readDevice);
  }

  async endDevice(id: string): Promise<void> {
    await this.#call({ method: "DELETE", path: `/v1/auth/sessions/${id}` }, () => null);
  }

  /** This one too. */
  async endAllDevices(): Promise<void> {
    await this.#call({ method: "POST", path: "/v1/auth/logout-all" }, () => null);
  }
}

function readMe(from: Json<Http.AccountShown>): Me {
  return {
    id: text(from, "id"),
    name: text(from, "name"),
    email: text(from, "email"),
    isEmailVerified: flag(from, "email_verified"),
    hasPassword: !has(from, "has_password") || flag(from, "has_password"),
    role: word(from, "system_role", ROLES, "member"),
    avatar: textOr(from, "avatar", null),
  };
}

function readDevice(from: Json<Http.SessionShown>): Device {
  return {
    id: text(from, "id"),
    name: text(from, "name"),
    address: text(from, "address"),
    createdAt: text(from, "created_at"),
    usedAt: text(from, "last_used_at"),
    isThis: flag(from, "current"),
  };
}

function readPreferences(from: Json<Http.PreferencesBody>): Preferences {
  const told = part(from, "notifications");
  return {
    locale: textOr(from, "locale", null),
    theme: word(from, "theme", ["system", "light", "dark"], "system"),
    notifications: {
      messages: word(told, "messages", NOTIFY, "all"),
      sound: flag(told, "sound"),
      email: flag(told, "email"),
    },
  };
}
