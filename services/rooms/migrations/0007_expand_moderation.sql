-- Whom somebody wants to have nothing to do with. `version` is that of the person: it rises with
-- every block that they make or take back, so it rises for each of the two, too.
ALTER TABLE person ADD COLUMN block_version bigint NOT NULL DEFAULT 0;

CREATE TABLE block (
    person_id uuid NOT NULL REFERENCES person,
    blocked_id uuid NOT NULL REFERENCES person,
    since timestamptz NOT NULL,
    PRIMARY KEY (person_id, blocked_id),
    CHECK (person_id <> blocked_id)
);

CREATE INDEX block_of ON block (blocked_id, person_id);

-- Invitations to rooms. `code_hash` is all that is kept of what a link holds. Without `max_uses` they
-- are good for many, without `expires_at` for ever. `ended_at`: revoked, or used for the last time.
CREATE TABLE invite (
    id uuid PRIMARY KEY,
    room_id uuid NOT NULL REFERENCES room ON DELETE CASCADE,
    code_hash bytea NOT NULL UNIQUE,
    role text NOT NULL CHECK (role IN ('admin', 'member')),
    max_uses integer CHECK (max_uses >= 1),
    uses integer NOT NULL DEFAULT 0 CHECK (uses >= 0),
    made_by uuid NOT NULL REFERENCES person,
    made_at timestamptz NOT NULL,
    expires_at timestamptz,
    ended_at timestamptz,
    CHECK (uses <= max_uses)
);

CREATE INDEX invite_of_room ON invite (room_id, id) WHERE ended_at IS NULL;
CREATE INDEX invite_of_maker ON invite (made_by, id);
CREATE INDEX invite_by_end ON invite (coalesce(ended_at, expires_at));

-- Who may not come in, whether they ever were in. `until` is null for ever; a ban that is over is no
-- ban. A guest comes back under another id: `device_hash` and `looks` (those of their alias) are what
-- else is known of them.
CREATE TABLE ban (
    room_id uuid NOT NULL REFERENCES room ON DELETE CASCADE,
    person_id uuid NOT NULL REFERENCES person,
    until timestamptz,
    reason text NOT NULL,
    made_by uuid REFERENCES person,
    made_at timestamptz NOT NULL,
    device_hash bytea,
    looks text[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (room_id, person_id)
);

CREATE INDEX ban_of_person ON ban (person_id, room_id);
CREATE INDEX ban_of_maker ON ban (made_by);
CREATE INDEX ban_of_guests ON ban (room_id) WHERE looks <> '{}';
CREATE INDEX ban_by_end ON ban (until) WHERE until IS NOT NULL;

-- Who may not write. It outlives the membership, so nobody ends it by leaving and coming back.
CREATE TABLE mute (
    room_id uuid NOT NULL REFERENCES room ON DELETE CASCADE,
    person_id uuid NOT NULL REFERENCES person,
    until timestamptz,
    reason text NOT NULL,
    made_by uuid REFERENCES person,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (room_id, person_id)
);

CREATE INDEX mute_of_person ON mute (person_id, room_id);
CREATE INDEX mute_of_maker ON mute (made_by);
CREATE INDEX mute_by_end ON mute (until) WHERE until IS NOT NULL;

-- Newcomers are counted in windows of a minute: when the last one began, and how many came in it.
ALTER TABLE room
    ADD COLUMN rush_began_at timestamptz,
    ADD COLUMN rush_count integer NOT NULL DEFAULT 0;

-- Lists of members go by role, owners first, then by name, and are searched by how a name begins.
-- `name_key` is the name folded, the same on every machine; a release that does not know of it leaves
-- it out, and the database folds as well as it can.
ALTER TABLE member ADD COLUMN name_key text;

CREATE INDEX member_in_order ON member (
    room_id,
    (CASE role WHEN 'owner' THEN 0 WHEN 'admin' THEN 1 WHEN 'member' THEN 2 ELSE 3 END),
    (coalesce(name_key, lower(name)) COLLATE "C"),
    person_id
);
