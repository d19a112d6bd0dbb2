-- Everybody who was ever seen here, as auth describes them. Version 0 knows only what a token says.
CREATE TABLE person (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('user', 'guest', 'bot', 'system')),
    name text NOT NULL,
    system_role text NOT NULL CHECK (system_role IN ('owner', 'admin', 'member')),
    is_disabled boolean NOT NULL,
    version integer NOT NULL
);

-- `version` counts every change of the room and of who is in it. `owner_id` is whose limit and
-- whose titles the room counts for. `title_key` is the title folded; "C" orders it the same on every
-- machine and for ever. `direct_key` is the hash of exactly the people of a direct or group room.
CREATE TABLE room (
    id uuid PRIMARY KEY,
    space_id uuid,
    kind text NOT NULL CHECK (kind IN ('public', 'private', 'direct', 'group', 'guest')),
    state text NOT NULL CHECK (state IN ('scheduled', 'open', 'read_only', 'closed', 'deleted')),
    title text NOT NULL,
    title_key text COLLATE "C" NOT NULL,
    topic text NOT NULL,
    slow_mode_s integer NOT NULL CHECK (slow_mode_s >= 0),
    owner_id uuid NOT NULL REFERENCES person,
    direct_key bytea CONSTRAINT room_of_exactly_these UNIQUE,
    version bigint NOT NULL,
    member_count integer NOT NULL CHECK (member_count >= 0),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    CHECK ((state = 'deleted') = (deleted_at IS NOT NULL))
);

CREATE UNIQUE INDEX room_title_is_unique ON room (owner_id, title_key)
    WHERE state <> 'deleted' AND kind NOT IN ('direct', 'group');
CREATE INDEX room_public ON room (title_key, id) WHERE kind = 'public' AND state <> 'deleted';
CREATE INDEX room_of_owner ON room (owner_id);
CREATE INDEX room_deleted ON room (deleted_at) WHERE state = 'deleted';

-- `name` is the name under which the room's log knows the member: another one is still to be told.
CREATE TABLE member (
    room_id uuid NOT NULL REFERENCES room ON DELETE CASCADE,
    person_id uuid NOT NULL REFERENCES person,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'guest')),
    since timestamptz NOT NULL,
    PRIMARY KEY (room_id, person_id)
);

CREATE INDEX member_rooms ON member (person_id, room_id);
CREATE INDEX member_owners ON member (room_id, since) WHERE role = 'owner';

-- What a repeated request to make a room finds.
CREATE TABLE idempotency_key (
    person_id uuid NOT NULL REFERENCES person,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    room_id uuid NOT NULL REFERENCES room ON DELETE CASCADE,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (person_id, key)
);

CREATE INDEX idempotency_key_by_age ON idempotency_key (made_at);
CREATE INDEX idempotency_key_of_room ON idempotency_key (room_id);

-- Commands to the messages service that the bus has not taken yet. The rows' text is that of
-- libs/common/outbox.py.
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL,
    kind text NOT NULL,
    body bytea NOT NULL,
    put_at timestamptz NOT NULL DEFAULT now()
);

-- The service does less than rows allow: nobody is forgotten, what was put stays as it was put.
DO $$
DECLARE
    role text := current_setting('hubbub.role');
BEGIN
    EXECUTE format('REVOKE DELETE ON person FROM %I', role);
    EXECUTE format('REVOKE UPDATE ON idempotency_key, outbox FROM %I', role);
END
$$;
