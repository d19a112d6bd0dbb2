-- When a room opens and closes, and whether its door is locked, as far as rooms has told.
ALTER TABLE room_head
    ADD COLUMN opens_at timestamptz,
    ADD COLUMN closes_at timestamptz,
    ADD COLUMN is_locked boolean NOT NULL DEFAULT false,
    ADD COLUMN is_archived boolean NOT NULL DEFAULT false;

-- Of members of direct rooms: whether one of the two has blocked the other.
ALTER TABLE member ADD COLUMN is_blocked boolean NOT NULL DEFAULT false;

-- When a ban ends; null: never.
ALTER TABLE member ADD COLUMN banned_until timestamptz;

-- Who has blocked whom, as rooms tells it. A block that was taken back keeps its version, so that
-- old news of it is known for what it is.
CREATE TABLE block (
    person_id uuid NOT NULL,
    blocked_id uuid NOT NULL,
    is_blocked boolean NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (person_id, blocked_id)
);

CREATE INDEX block_by_blocked ON block (blocked_id);

-- Whether one of two people has blocked the other.
CREATE FUNCTION are_apart(one uuid, other uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM block
        WHERE is_blocked AND (
            (person_id = one AND blocked_id = other) OR (person_id = other AND blocked_id = one)
        )
    )
$$;

-- What people have reported. `content` is what the message said then; it is kept until the report
-- is decided, whatever becomes of the message.
CREATE TABLE report (
    id uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY,
    room_id uuid NOT NULL,
    seq bigint NOT NULL,
    author_id uuid NOT NULL,
    content text NOT NULL,
    reporter_kind text NOT NULL,
    reporter_id uuid NOT NULL,
    reporter_name text NOT NULL,
    reason text NOT NULL,
    note text NOT NULL,
    at timestamptz NOT NULL,
    state text NOT NULL,
    decider_kind text,
    decider_id uuid,
    decider_name text,
    decided_at timestamptz,
    UNIQUE (room_id, seq, reporter_id)
);

CREATE INDEX report_by_room ON report (room_id, number);
CREATE INDEX report_by_number ON report (number);
CREATE INDEX report_by_reporter ON report (reporter_id, room_id);

-- Rooms of which nothing is to be left; a row goes with the last of its room.
CREATE TABLE purge (
    room_id uuid PRIMARY KEY,
    begun_at timestamptz NOT NULL
);
