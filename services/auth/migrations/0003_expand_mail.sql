-- Letters on their way to people. A letter is tried at `try_at`; whoever tries it moves that into
-- the future first, so that no other instance tries it too. It is deleted when it was sent. Without
-- a mail server it is shown instead and stays for a while. `kind` has a template of that name.
CREATE TABLE mail (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id uuid REFERENCES account ON DELETE CASCADE,
    recipient text NOT NULL,
    kind text NOT NULL,
    fields jsonb NOT NULL,
    posted_at timestamptz NOT NULL,
    try_at timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    shown_at timestamptz
);

CREATE INDEX mail_waiting ON mail (try_at) WHERE shown_at IS NULL;
CREATE INDEX mail_of_account ON mail (account_id);

-- Letters that somebody asked for without saying who they are. Whether there is anybody to write to
-- is looked up later, so that asking takes the same time for every address. Nothing is unique but the
-- id: whoever asks again must not wait for the first wish to be granted.
CREATE TABLE letter_wish (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email_key text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('account_exists', 'reset_password', 'verify_email')),
    asked_at timestamptz NOT NULL
);

-- Links in letters; the first one used voids the others of its purpose. `email` is the address
-- that the link was sent to and proves: one sent to an address that is no longer theirs does nothing.
CREATE TABLE email_link (
    token_hash bytea PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    purpose text NOT NULL CHECK (purpose IN ('verify', 'confirm', 'reset')),
    email text NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE INDEX email_link_of_account ON email_link (account_id, purpose);
CREATE INDEX email_link_by_expiry ON email_link (expires_at);

-- An account that was made while there was a mail server awaits the proof of its address and is not
-- let in before; one from another time is let in as ever, and its address is unproved.
ALTER TABLE account ADD COLUMN email_state text NOT NULL DEFAULT 'unproved'
    CHECK (email_state IN ('unproved', 'awaited', 'proved'));
