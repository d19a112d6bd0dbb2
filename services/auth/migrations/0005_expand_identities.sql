-- Who somebody is elsewhere: a provider's own name for itself and for them. `is_source`: the account
-- was made for this identity, so its provider says what its address is.
CREATE TABLE identity (
    id uuid PRIMARY KEY,
    issuer text NOT NULL,
    subject text NOT NULL,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    email text,
    is_source boolean NOT NULL,
    linked_at timestamptz NOT NULL,
    CONSTRAINT identity_has_one_account UNIQUE (issuer, subject)
);

CREATE INDEX identity_of_account ON identity (account_id, linked_at);

-- What was last heard of an identity, linked or not, so that older news change nothing. Only a hash
-- of it, as this stays when its account is erased: `was_linked` keeps news from making it again.
CREATE TABLE identity_news (
    identity_hash bytea PRIMARY KEY,
    updated_at timestamptz NOT NULL,
    is_gone boolean NOT NULL,
    was_linked boolean NOT NULL
);

-- Log-ins at providers that came back: what stands for one (hashed) is good once.
CREATE TABLE used_login (
    state_hash bytea PRIMARY KEY,
    expires_at timestamptz NOT NULL
);

CREATE INDEX used_login_by_expiry ON used_login (expires_at);

-- Webhooks that were obeyed, by a hash of their source and id.
CREATE TABLE webhook (
    id_hash bytea PRIMARY KEY,
    obeyed_at timestamptz NOT NULL
);

CREATE INDEX webhook_by_age ON webhook (obeyed_at);
