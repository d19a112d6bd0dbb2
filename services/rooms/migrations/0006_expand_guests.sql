-- The door of a guest room: `slug` is what its link ends with, `password_hash` what opens it.
CREATE TABLE guest_door (
    room_id uuid PRIMARY KEY REFERENCES room ON DELETE CASCADE,
    slug text COLLATE "C" NOT NULL CONSTRAINT guest_door_slug_is_unique UNIQUE,
    password_hash text
);

-- Everybody who came in by such a door, each time a new person. `refreshed_at` is when they last
-- fetched tokens. Who has ended stays until the room is purged: the log names them. The end of a room
-- ends all of its guests at once; until they are taken out one by one they are members (`is_in`).
CREATE TABLE guest (
    person_id uuid PRIMARY KEY REFERENCES person,
    room_id uuid NOT NULL REFERENCES room ON DELETE CASCADE,
    alias text NOT NULL,
    device_hash bytea,
    began_at timestamptz NOT NULL,
    refreshed_at timestamptz NOT NULL,
    ended_at timestamptz,
    is_in boolean NOT NULL DEFAULT true,
    CHECK (is_in OR ended_at IS NOT NULL)
);

CREATE INDEX guest_live ON guest (room_id, person_id) WHERE ended_at IS NULL;
CREATE INDEX guest_idle ON guest (refreshed_at) WHERE ended_at IS NULL;
CREATE INDEX guest_over ON guest (room_id, person_id) WHERE ended_at IS NOT NULL AND is_in;

-- What each alias looks like, while it is taken: an alias has up to two looks, and no two people
-- with a look in common are in one room, whichever instance let them in.
CREATE TABLE guest_look (
    room_id uuid NOT NULL REFERENCES room ON DELETE CASCADE,
    look text COLLATE "C" NOT NULL,
    person_id uuid NOT NULL REFERENCES guest ON DELETE CASCADE,
    CONSTRAINT guest_look_is_unique PRIMARY KEY (room_id, look)
);

CREATE INDEX guest_look_of_person ON guest_look (person_id);

-- Guests whose tokens auth has yet to make void. No row of a room stands behind it: a room may be
-- purged before auth has heard.
CREATE TABLE guest_ending (
    person_id uuid PRIMARY KEY,
    reason text NOT NULL,
    ended_at timestamptz NOT NULL
);

CREATE INDEX guest_ending_by_age ON guest_ending (ended_at);

-- Wrong passwords in a row for one room from one network; both stand in `key` as a hash.
CREATE UNLOGGED TABLE door_try (
    key bytea PRIMARY KEY,
    count integer NOT NULL,
    last_at timestamptz NOT NULL
);
