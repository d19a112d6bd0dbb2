-- How often processes began to publish a row that was left to them; see libs/common/outbox_tries.py.
CREATE TABLE outbox_try (
    id bigint PRIMARY KEY REFERENCES outbox ON DELETE CASCADE,
    tries integer NOT NULL,
    is_set_aside boolean NOT NULL DEFAULT false
);
