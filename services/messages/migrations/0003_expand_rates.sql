-- What was done lately, counted for all instances together; see libs/common/rates_postgres.py.
CREATE UNLOGGED TABLE rate (
    key bytea PRIMARY KEY,
    full_at_ns bigint NOT NULL
) WITH (fillfactor = 70);
