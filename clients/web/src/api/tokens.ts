/** Programs that act here: tokens of the reader, and bots. */

import type { Call } from "#api/call.ts";
import { allOf } from "#api/pages.ts";
import type * as Http from "#wire/generated/http.ts";
import { type Json, text, textOr, texts } from "#wire/read.ts";

export interface Token {
  readonly id: string;
  /** Whose it is, of the reader's bots; null for the reader's own. */
  readonly botId: string | null;
  readonly name: string;
  readonly scopes: readonly string[];
  /** How it begins, to tell one from another. */
  readonly prefix: string;
  readonly createdAt: string;
  readonly usedAt: string | null;
  readonly expiresAt: string | null;
}

/** A token as it was made: the only time that it is shown. */
export interface NewToken extends Token {
  readonly token: string;
}

export interface TokenWish {
  readonly name: string;
  readonly scopes: readonly string[];
  /** Null: until it is revoked. */
  readonly lifeS: number | null;
}

export interface Bot {
  readonly id: string;
  readonly name: string;
  readonly avatar: string | null;
}

export class TokensApi {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Of the reader and of their bots. */
  mine(): Promise<readonly Token[]> {
    return allOf(this.#call, "/v1/tokens", readToken);
  }

  /** Make a token for the reader, or for a bot. */
  make(wish: TokenWish, botId: string | null): Promise<NewToken> {
    const path = botId === null ? "/v1/tokens" : `/v1/bots/${botId}/tokens`;
    const life = wish.lifeS === null ? {} : { expires_in_s: wish.lifeS };
    const body = { name: wish.name, scopes: wish.scopes, ...life };
    return this.#call({ method: "POST", path, body }, readNewToken);
  }

  async revoke(id: string): Promise<void> {
    await this.#call({ method: "DELETE", path: `/v1/tokens/${id}` }, () => null);
  }

  bots(): Promise<readonly Bot[]> {
    return allOf(this.#call, "/v1/bots", readBot);
  }

  makeBot(name: string): Promise<Bot> {
    return this.#call({ method: "POST", path: "/v1/bots", body: { name } }, readBot);
  }

  renameBot(id: string, name: string): Promise<Bot> {
    return this.#call({ method: "PATCH", path: `/v1/bots/${id}`, body: { name } }, readBot);
  }

  /** Show this picture from now on, wherever the bot is shown. */
  async showBotAs(id: string, picture: Blob): Promise<void> {
    const path = `/v1/bots/${id}/avatar`;
    await this.#call({ method: "PUT", path, file: picture }, () => null);
  }

  async showBotAsNothing(id: string): Promise<void> {
    await this.#call({ method: "DELETE", path: `/v1/bots/${id}/avatar` }, () => null);
  }

  async removeBot(id: string): Promise<void> {
    await this.#call({ method: "DELETE", path: `/v1/bots/${id}` }, () => null);
  }
}

function readToken(from: Json<Http.TokenShown>): Token {
  return {
    id: text(from, "id"),
    botId: textOr(from, "bot_id", null),
    name: text(from, "name"),
    scopes: texts(from, "scopes"),
    prefix: text(from, "prefix"),
    createdAt: text(from, "created_at"),
    usedAt: textOr(from, "last_used_at", null),
    expiresAt: textOr(from, "expires_at", null),
  };
}

function readNewToken(from: Json<Http.TokenMade>): NewToken {
  return { ...readToken(from), token: text(from, "token") };
}

function readBot(from: Json<Http.UserShown>): Bot {
  return { id: text(from, "id"), name: text(from, "name"), avatar: textOr(from, "avatar", null) };
}
