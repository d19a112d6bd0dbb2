-- Who was erased, and the receipt for it; see libs/common/erasures.py.
CREATE TABLE erasure (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    counts jsonb NOT NULL DEFAULT '{}',
    receipt text,
    PRIMARY KEY (id, person_id)
);
