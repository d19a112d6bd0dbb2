-- What a session was opened with, and when its owner last proved again who they are; NULL: not
-- since it was opened.
ALTER TABLE session
    ADD COLUMN proved_by text[] NOT NULL DEFAULT '{password}',
    ADD COLUMN proved_at timestamptz;

-- Authenticator apps: the seed is sealed, and codes of steps up to `last_step` are used. One that
-- was offered waits for its first code, and then takes the place of the one that is confirmed.
CREATE TABLE totp (
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    is_confirmed boolean NOT NULL,
    sealed text NOT NULL,
    last_step bigint NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, is_confirmed)
);

-- What opens an account whose other second factors are lost: each once, stored hashed.
CREATE TABLE recovery_code (
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    code_hash bytea NOT NULL,
    PRIMARY KEY (account_id, code_hash)
);

CREATE TABLE passkey (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    credential_id bytea NOT NULL CONSTRAINT passkey_is_unique UNIQUE,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    transports text[] NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz
);

CREATE INDEX passkey_of_account ON passkey (account_id, created_at);

-- Log-ins that wait for their second factor: the SHA-256 of what the client shows, and what the
-- session will be when it is there.
CREATE TABLE login_challenge (
    token_hash bytea PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    client_hash bytea NOT NULL,
    proved_by text NOT NULL,
    device text,
    by_cookie boolean NOT NULL,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE INDEX login_challenge_by_expiry ON login_challenge (expires_at);
CREATE INDEX login_challenge_of_account ON login_challenge (account_id);

-- What passkeys are asked to sign, once. Without an account: whoever it turns out to be.
CREATE TABLE passkey_challenge (
    id uuid PRIMARY KEY,
    purpose text NOT NULL CHECK (purpose IN ('add', 'log_in', 'prove')),
    account_id uuid REFERENCES account ON DELETE CASCADE,
    challenge bytea NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE INDEX passkey_challenge_by_expiry ON passkey_challenge (expires_at);
CREATE INDEX passkey_challenge_of_account ON passkey_challenge (account_id);

-- Networks from which somebody logged in, as keyed hashes: who comes from elsewhere on a device that
-- is not known either is told to the account's owner.
CREATE TABLE known_place (
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    mark bytea NOT NULL,
    used_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, mark)
);

CREATE INDEX known_place_by_age ON known_place (used_at);
