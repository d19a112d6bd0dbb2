-- When rooms open and close, how long closed guest rooms stay, and what owners may set beside it.
-- `purge_after_s` counts from `closes_at`. `state_before` is what a room goes back to that is taken
-- out of the archive or restored. `locked_until` is the door shut by itself against a flood.
ALTER TABLE room
    ADD COLUMN opens_at timestamptz,
    ADD COLUMN closes_at timestamptz,
    ADD COLUMN purge_after_s integer CHECK (purge_after_s >= 0),
    ADD COLUMN archived_at timestamptz,
    ADD COLUMN state_before text CHECK (state_before IN ('scheduled', 'open', 'read_only', 'closed')),
    ADD COLUMN max_members integer CHECK (max_members >= 1),
    ADD COLUMN is_locked boolean NOT NULL DEFAULT false,
    ADD COLUMN locked_until timestamptz;

-- What is due next: to open, to close, to be purged.
CREATE INDEX room_opens ON room (opens_at) WHERE state = 'scheduled';
CREATE INDEX room_closes ON room (closes_at)
    WHERE state IN ('scheduled', 'open', 'read_only') AND closes_at IS NOT NULL;
CREATE INDEX room_goes ON room (closes_at)
    WHERE state IN ('closed', 'deleted') AND purge_after_s IS NOT NULL;

-- What holds for a member now; `muted_until` in the past is nothing, infinite is for ever.
-- `is_blocked`: in a direct room, either of the two has blocked the other.
ALTER TABLE member
    ADD COLUMN muted_until timestamptz,
    ADD COLUMN is_blocked boolean NOT NULL DEFAULT false;

-- Who changed what about a room, in the order of `id`. Nobody changes it afterwards; only the words
-- of who is erased are taken out of `details`.
CREATE TABLE room_change (
    room_id uuid NOT NULL REFERENCES room ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    actor_id uuid NOT NULL,
    subject_id uuid,
    details jsonb NOT NULL,
    PRIMARY KEY (room_id, id)
);

CREATE INDEX room_change_of_actor ON room_change (actor_id);

DO $$
DECLARE
    role text := current_setting('hubbub.role');
BEGIN
    EXECUTE format('REVOKE UPDATE, DELETE ON room_change FROM %I', role);
    EXECUTE format('GRANT UPDATE (details) ON room_change TO %I', role);
END
$$;
