-- Who may know when somebody was last seen. Of whom nobody may, it is not kept.
ALTER TABLE status ADD COLUMN last_seen_to text NOT NULL DEFAULT 'everybody'
    CHECK (last_seen_to IN ('everybody', 'nobody'));

-- All of these are read at start.
CREATE INDEX status_unseen ON status (person_id) WHERE last_seen_to = 'nobody';
