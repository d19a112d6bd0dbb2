-- Who did what to whom. The service adds rows and reads them; it can neither change nor delete one,
-- except by `forget_audit` below. Ids outlive the people they stand for, so nothing is referenced.
CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    kind text COLLATE "C" NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('done', 'refused')),
    actor_id uuid,
    subject_id uuid,
    session_id uuid,
    details jsonb NOT NULL
);

CREATE INDEX audit_by_time ON audit (at, id);
CREATE INDEX audit_by_kind ON audit (kind, at, id);
CREATE INDEX audit_by_actor ON audit (actor_id, at, id) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_by_subject ON audit (subject_id, at, id) WHERE subject_id IS NOT NULL;

-- What says who those people were and where they came from: emptied when somebody is erased.
CREATE TABLE audit_trace (
    entry_id bigint PRIMARY KEY REFERENCES audit ON DELETE CASCADE,
    actor_id uuid,
    actor_name text,
    subject_id uuid,
    subject_name text,
    address text
);

CREATE INDEX audit_trace_of_actor ON audit_trace (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_trace_of_subject ON audit_trace (subject_id) WHERE subject_id IS NOT NULL;

-- Deletes entries from before a time, at most so many at once, and returns how many. It runs with
-- the rights of whoever migrates, and leaves alone what is younger than 30 days: who takes the
-- service over cannot wipe their traces with it.
CREATE FUNCTION forget_audit(before timestamptz, at_most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT
AS $$
    WITH gone AS (
        DELETE FROM audit WHERE id IN (
            SELECT id FROM audit WHERE at < least(before, now() - interval '30 days')
            ORDER BY at LIMIT at_most
        )
        RETURNING true
    )
    SELECT count(*) FROM gone
$$;

-- Who may make an account. Without a row it is as the settings say.
CREATE TABLE policy (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    registration text NOT NULL CHECK (registration IN ('open', 'invite', 'closed')),
    domains text[] NOT NULL,
    changed_at timestamptz NOT NULL
);

-- Links with which people may make an account. `token_hash` is the SHA-256 of what the link holds.
CREATE TABLE server_invite (
    id uuid PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    max_uses integer NOT NULL CHECK (max_uses > 0),
    uses integer NOT NULL DEFAULT 0 CHECK (uses BETWEEN 0 AND max_uses),
    made_by uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);

-- The people who run the server, whose names others may not imitate.
CREATE INDEX account_staff ON account (id) WHERE system_role IN ('owner', 'admin');

CREATE INDEX server_invite_by_expiry ON server_invite (expires_at);
CREATE INDEX server_invite_of_account ON server_invite (made_by);

DO $$
DECLARE
    role text := current_setting('hubbub.role');
BEGIN
    EXECUTE format('REVOKE UPDATE, DELETE ON audit FROM %I', role);
    EXECUTE format('REVOKE DELETE ON audit_trace, policy FROM %I', role);
    EXECUTE 'REVOKE ALL ON FUNCTION forget_audit FROM public';
    EXECUTE format('GRANT EXECUTE ON FUNCTION forget_audit TO %I', role);
END $$;
