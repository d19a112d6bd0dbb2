-- What people chose to be seen as, and when they were last connected. Who is connected now is
-- nowhere in the database: it would be wrong after every crash.
CREATE TABLE status (
    person_id uuid PRIMARY KEY,
    chosen text NOT NULL DEFAULT 'online' CHECK (chosen IN ('online', 'away', 'dnd', 'invisible')),
    status_text text CHECK (char_length(status_text) <= 128),
    last_seen timestamptz
);

-- Everybody who is not simply online is read at start.
CREATE INDEX status_chosen ON status (person_id) WHERE chosen <> 'online' OR status_text IS NOT NULL;
