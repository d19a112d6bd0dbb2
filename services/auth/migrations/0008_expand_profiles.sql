-- What was done lately, counted for all instances together; see libs/common/rates_postgres.py.
CREATE UNLOGGED TABLE rate (
    key bytea PRIMARY KEY,
    full_at_ns bigint NOT NULL
) WITH (fillfactor = 70);

-- What a person looks like, drawn anew in two sizes. The version is that of the account when the
-- picture came, so none comes twice: a picture under its version never changes.
CREATE TABLE avatar (
    account_id uuid PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    version integer NOT NULL,
    small bytea NOT NULL,
    large bytea NOT NULL
);

-- WebP is compressed already.
ALTER TABLE avatar
    ALTER COLUMN small SET STORAGE EXTERNAL,
    ALTER COLUMN large SET STORAGE EXTERNAL;

-- How somebody likes the chat. Who never said has no row.
CREATE TABLE preference (
    account_id uuid PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    locale text,
    theme text NOT NULL,
    notify_messages text NOT NULL,
    notify_sound boolean NOT NULL,
    notify_email boolean NOT NULL
);

-- How people are searched: `search_key` is a name without case and accents, null as long as nobody
-- has looked at it (an older release does not), and a row of `account_word` is a place in a name
-- where a search may begin. Both are made by services/auth/model/searching.py. "C" orders by code
-- points, so names that begin alike stand together.
ALTER TABLE account
    ADD COLUMN avatar_version integer,
    ADD COLUMN search_key text COLLATE "C",
    ADD COLUMN searched_name text;

CREATE INDEX account_by_search_key ON account (search_key, id)
    WHERE disabled_at IS NULL AND search_key IS NOT NULL;
CREATE INDEX account_not_searched ON account (id) WHERE searched_name IS DISTINCT FROM name;

CREATE TABLE account_word (
    account_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    word text COLLATE "C" NOT NULL,
    search_key text COLLATE "C" NOT NULL,
    is_first boolean NOT NULL,
    PRIMARY KEY (account_id, word)
);

CREATE INDEX account_word_by_word ON account_word (word, search_key, account_id);
CREATE INDEX account_word_by_later_word ON account_word (word, search_key, account_id)
    WHERE NOT is_first;
