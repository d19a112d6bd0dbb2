-- The head of each room's log and what rooms has told of the room. Every message rewrites its room's
-- row: half-empty pages keep that off the index (heap-only updates).
CREATE TABLE room_head (
    room_id uuid PRIMARY KEY,
    epoch text NOT NULL,
    last_seq bigint NOT NULL,
    version bigint NOT NULL,
    written_at timestamptz NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    title text NOT NULL,
    topic text NOT NULL,
    slow_mode_s integer NOT NULL
) WITH (fillfactor = 50);

-- Entries 1, 2, 3 ... of each room. A message's present state stands in its own row; later entries
-- point at it with `target_seq` and hold in `detail` only what changed.
CREATE TABLE log (
    room_id uuid NOT NULL,
    seq bigint NOT NULL,
    kind text NOT NULL,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid NOT NULL,
    actor_name text NOT NULL,
    target_seq bigint,
    detail jsonb,
    -- Of messages only.
    message_id uuid,
    client_msg_id text,
    content text,
    rev integer,
    edited_at timestamptz,
    deleted_at timestamptz,
    deleted_seq bigint,
    reply_to uuid,
    thread_root uuid,
    mentions uuid[],
    PRIMARY KEY (room_id, seq),
    CHECK ((kind = 'message') = (message_id IS NOT NULL))
) PARTITION BY HASH (room_id);

-- History and unread counts walk over messages only. Deleted ones are among them, so that nothing
-- that an edit or a deletion changes is in an index.
CREATE INDEX log_messages ON log (room_id, seq) WHERE message_id IS NOT NULL;

-- A message is mostly looked up within its room. By its id alone all partitions are asked, a probe
-- of a few microseconds each; a table from id to place would cost every message another row.
CREATE UNIQUE INDEX log_message_id ON log (message_id, room_id) WHERE message_id IS NOT NULL;

-- What every accepted command came to, so that a repeat finds the first outcome. `seq` is null when
-- the command changed nothing. Outlives the messages.
CREATE TABLE command_key (
    room_id uuid NOT NULL,
    actor_id uuid NOT NULL,
    command_id text NOT NULL,
    seq bigint,
    kind text NOT NULL,
    content_hash bytea NOT NULL,
    PRIMARY KEY (room_id, actor_id, command_id)
) PARTITION BY HASH (room_id);

DO $$
BEGIN
    FOR part IN 0..15 LOOP
        EXECUTE format(
            'CREATE TABLE log_%s PARTITION OF log FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
            part, part
        );
        EXECUTE format(
            'CREATE TABLE command_key_%s PARTITION OF command_key '
            'FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
            part, part
        );
    END LOOP;
END
$$;

-- What messages said before they were edited.
CREATE TABLE message_edit (
    room_id uuid NOT NULL,
    seq bigint NOT NULL,
    rev integer NOT NULL,
    content text NOT NULL,
    written_at timestamptz NOT NULL,
    PRIMARY KEY (room_id, seq, rev)
);

CREATE TABLE reaction (
    room_id uuid NOT NULL,
    seq bigint NOT NULL,
    person_id uuid NOT NULL,
    emoji text NOT NULL,
    added_seq bigint NOT NULL,
    PRIMARY KEY (room_id, seq, person_id, emoji)
);

-- Who is mentioned where, to count from a read cursor on.
CREATE TABLE mention (
    person_id uuid NOT NULL,
    room_id uuid NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (person_id, room_id, seq)
);

-- A copy of what rooms decides. `role` is null for who is banned and so not in.
CREATE TABLE member (
    room_id uuid NOT NULL,
    person_id uuid NOT NULL,
    person_kind text NOT NULL,
    name text NOT NULL,
    role text,
    is_banned boolean NOT NULL,
    muted_until timestamptz,
    PRIMARY KEY (room_id, person_id),
    CHECK (role IS NOT NULL OR is_banned)
);

CREATE INDEX member_rooms ON member (person_id) WHERE role IS NOT NULL;

-- A copy of what auth decides: those who are, or once were, more than members of the system.
CREATE TABLE system_role (
    person_id uuid PRIMARY KEY,
    role text NOT NULL,
    version bigint NOT NULL
);

-- How far people have read. Moves often and is in no other index.
CREATE TABLE receipt (
    room_id uuid NOT NULL,
    person_id uuid NOT NULL,
    read_seq bigint NOT NULL,
    PRIMARY KEY (room_id, person_id)
) WITH (fillfactor = 50);

-- How often commands were begun after a crash; only those that came back are here.
CREATE TABLE command_try (
    room_id uuid NOT NULL,
    actor_id uuid NOT NULL,
    command_id text NOT NULL,
    tries integer NOT NULL,
    begun_at timestamptz NOT NULL,
    PRIMARY KEY (room_id, actor_id, command_id)
);

CREATE INDEX command_try_by_age ON command_try (begun_at);
