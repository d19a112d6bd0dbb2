-- Who can log in. `email_key` and `name_key` are folded forms: one makes the address unique, the
-- other is what searches look at. "C" orders them the same on every machine and for ever.
CREATE TABLE account (
    id uuid PRIMARY KEY,
    email text NOT NULL,
    email_key text NOT NULL CONSTRAINT account_email_is_unique UNIQUE,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    system_role text NOT NULL CHECK (system_role IN ('owner', 'admin', 'member')),
    disabled_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE INDEX account_by_name ON account (name_key, id) WHERE disabled_at IS NULL;
CREATE INDEX account_owners ON account (id) WHERE system_role = 'owner';

-- What proves that it is they. One row for each way to log in.
CREATE TABLE credential (
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    provider text NOT NULL CHECK (provider IN ('password')),
    secret_hash text NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, provider)
);

-- One log-in of one device. `token_hash` is the SHA-256 of the one refresh token that is good now,
-- `client_hash` tells which client fetched it. A session that was ended stays until the last of its
-- access tokens has expired (`tokens_until`).
CREATE TABLE session (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    device text NOT NULL,
    address text NOT NULL,
    generation integer NOT NULL,
    token_hash bytea NOT NULL,
    client_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    end_reason text,
    tokens_until timestamptz,
    CHECK ((end_reason IS NULL) = (tokens_until IS NULL))
);

CREATE INDEX session_of_account ON session (account_id, used_at DESC);
CREATE INDEX session_by_expiry ON session (expires_at);
CREATE INDEX session_ended ON session (tokens_until) WHERE tokens_until IS NOT NULL;

-- Attempts in a row that did not succeed, for one address as it was typed (hashed, as people type
-- passwords there too). `origin` is empty for strangers, else a network its owner is known from.
CREATE TABLE login_attempt (
    email_hash bytea NOT NULL,
    origin text NOT NULL,
    count integer NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (email_hash, origin)
);

CREATE INDEX login_attempt_by_age ON login_attempt (last_at);

-- The link that makes the first owner: one at a time, gone when used.
CREATE TABLE owner_token (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    token_hash bytea NOT NULL,
    expires_at timestamptz NOT NULL
);

-- All keys that sign access tokens, sealed with a secret that is not in the database.
CREATE TABLE signing_keys (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    sealed text NOT NULL,
    changed_at timestamptz NOT NULL
);

-- Facts on their way to everybody; see libs/common/outbox.py.
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL,
    kind text NOT NULL,
    body bytea NOT NULL,
    put_at timestamptz NOT NULL DEFAULT now()
);

-- The service never deletes an account, what proves one, or the keys.
DO $$ BEGIN
    EXECUTE format(
        'REVOKE DELETE ON account, credential, signing_keys FROM %I',
        current_setting('hubbub.role')
    );
END $$;
