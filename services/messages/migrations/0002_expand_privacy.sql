-- Who was erased, and the receipt for it; see libs/common/erasures.py.
CREATE TABLE erasure (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    counts jsonb NOT NULL DEFAULT '{}',
    receipt text,
    PRIMARY KEY (id, person_id)
);

-- How far the log was gone through: everything up to here is done. Null: not begun.
ALTER TABLE erasure ADD COLUMN room_id uuid, ADD COLUMN seq bigint, ADD COLUMN swept_room_id uuid;
