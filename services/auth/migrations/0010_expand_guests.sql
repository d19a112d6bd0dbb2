-- The chain of refresh tokens of one guest of one room; the columns are those of `session`. A guest
-- has no account: who they are stands here, as their tokens say it.
CREATE TABLE guest_session (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL,
    room_id uuid NOT NULL,
    name text NOT NULL,
    generation integer NOT NULL,
    token_hash bytea NOT NULL,
    client_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    used_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    end_reason text,
    tokens_until timestamptz,
    CHECK ((end_reason IS NULL) = (tokens_until IS NULL))
);

CREATE INDEX guest_session_of_person ON guest_session (person_id);
CREATE INDEX guest_session_by_end ON guest_session (ends_at);
CREATE INDEX guest_session_ended ON guest_session (tokens_until) WHERE tokens_until IS NOT NULL;
