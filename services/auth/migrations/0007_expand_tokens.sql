-- A bot is an account that nobody logs in to: it has no address and no password.
ALTER TABLE account
    ADD COLUMN kind text NOT NULL DEFAULT 'user' CHECK (kind IN ('user', 'bot')),
    ALTER COLUMN email DROP NOT NULL,
    ALTER COLUMN email_key DROP NOT NULL;

-- Whose bots they are. One that was disabled with its owner comes back with them; one that was
-- retired never does, and its account stays for what it has written.
CREATE TABLE bot (
    account_id uuid PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    owner_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    is_disabled_with_owner boolean NOT NULL DEFAULT false,
    retired_at timestamptz
);

CREATE INDEX bot_of_owner ON bot (owner_id);

-- Tokens that programs show. `token_hash` is the SHA-256 of the token, `prefix` its beginning. One
-- that was revoked, or whose account was disabled, is refused by everybody until `refused_until`:
-- by then whoever had asked about it before asks again.
CREATE TABLE api_token (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    name text NOT NULL,
    prefix text NOT NULL,
    token_hash bytea NOT NULL CONSTRAINT api_token_is_unique UNIQUE,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz,
    refused_until timestamptz
);

CREATE INDEX api_token_of_account ON api_token (account_id, created_at);
CREATE INDEX api_token_by_expiry ON api_token (expires_at);
CREATE INDEX api_token_refused ON api_token (refused_until) WHERE refused_until IS NOT NULL;

-- Bots are retired, never deleted.
DO $$ BEGIN
    EXECUTE format('REVOKE DELETE ON bot FROM %I', current_setting('hubbub.role'));
END $$;
