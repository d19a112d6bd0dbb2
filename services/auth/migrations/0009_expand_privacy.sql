-- Copies of somebody's own data, made in the background. Whoever works on one is the `lease`th who
-- does, and nobody else looks at it before `due_at`. `step` is the service that is being asked and
-- `cursor` where it goes on. `uses` counts downloads by link: each voids the link.
CREATE TABLE export (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    state text NOT NULL CHECK (state IN ('waiting', 'working', 'ready', 'failed', 'expired')),
    step integer NOT NULL DEFAULT 0,
    cursor text,
    progress_percent integer NOT NULL DEFAULT 0,
    pieces integer NOT NULL DEFAULT 0,
    bytes bigint NOT NULL DEFAULT 0,
    lease integer NOT NULL DEFAULT 0,
    uses integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE UNIQUE INDEX export_is_made_once ON export (account_id)
    WHERE state IN ('waiting', 'working');
CREATE INDEX export_of_account ON export (account_id, made_at DESC);
CREATE INDEX export_due ON export (due_at) WHERE state IN ('waiting', 'working');
CREATE INDEX export_by_expiry ON export (expires_at);

-- The files of an archive, each deflated, in the order in which they stand in it. `crc` and
-- `plain_bytes` are of the file before that.
CREATE TABLE export_piece (
    export_id uuid NOT NULL REFERENCES export ON DELETE CASCADE,
    place integer NOT NULL,
    name text NOT NULL,
    crc bigint NOT NULL,
    plain_bytes bigint NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (export_id, place)
);

ALTER TABLE export_piece ALTER COLUMN body SET STORAGE EXTERNAL;

-- Who is to be erased, or was. Before `due_at` it can be taken back.
CREATE TABLE erasure (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL UNIQUE REFERENCES account ON DELETE CASCADE,
    state text NOT NULL CHECK (state IN ('waiting', 'working', 'done')),
    asked_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    finished_at timestamptz
);

CREATE INDEX erasure_waiting ON erasure (due_at) WHERE state = 'waiting';

-- What each service has to do for it, for the account and for each of its bots; done when there is a
-- receipt. `verified_by` is the public key with which that was checked.
CREATE TABLE erasure_step (
    erasure_id uuid NOT NULL REFERENCES erasure ON DELETE CASCADE,
    person_id uuid NOT NULL,
    service text NOT NULL,
    begun_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    counts jsonb NOT NULL DEFAULT '{}',
    receipt text,
    verified_by jsonb,
    finished_at timestamptz,
    PRIMARY KEY (erasure_id, person_id, service)
);

CREATE INDEX erasure_step_due ON erasure_step (due_at) WHERE finished_at IS NULL;

-- Whoever is erased has no way to log in any more.
DO $$ BEGIN
    EXECUTE format('GRANT DELETE ON credential TO %I', current_setting('hubbub.role'));
END $$;
