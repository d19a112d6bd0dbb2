"""Where in people's names searches begin, in Postgres; see `services.auth.model.searching`.

`account.searched_name` is the name that the words belong to. An account that an older release made
or renamed has another one there, until somebody looks for those.
"""

from typing import Final

from libs.common.contracts.ids import PersonId
from libs.common.postgres import Connection, Database
from services.auth.model.searching import folded, words_of

KEEP_KEY: Final = """
    UPDATE account SET search_key = $2, searched_name = $3
    WHERE id = $1 AND searched_name IS DISTINCT FROM $3
"""

KEEP_WORDS: Final = """
    WITH gone AS (DELETE FROM account_word WHERE account_id = $1 AND word <> ALL ($3::text[]))
    INSERT INTO account_word (account_id, word, search_key, is_first)
    SELECT $1, word, $2, is_first FROM unnest($3::text[], $4::boolean[]) AS of_name (word, is_first)
    ON CONFLICT (account_id, word) DO UPDATE
    SET search_key = excluded.search_key, is_first = excluded.is_first
"""

NOT_SEARCHED: Final = """
    SELECT id, name FROM account WHERE searched_name IS DISTINCT FROM name
    ORDER BY id LIMIT $1
    FOR UPDATE SKIP LOCKED
"""

BEHIND_AT_ONCE: Final = 200
"""Accounts whose words one transaction makes; some 100 ms."""


async def keep_words(connection: Connection, account_id: PersonId, name: str) -> None:
    """Let an account be found by this name, which it has in the same transaction."""
    key = folded(name)
    if await connection.execute(KEEP_KEY, account_id, key, name) == "UPDATE 0":
        return
    words = words_of(name)
    await connection.execute(KEEP_WORDS, account_id, key, list(words), list(words.values()))


async def catch_up(database: Database) -> int:
    """Make the words of some accounts that have none yet; return of how many."""
    async with database.transaction() as connection:
        behind = await connection.fetch(NOT_SEARCHED, BEHIND_AT_ONCE)
        for row in behind:
            await keep_words(connection, PersonId(row["id"]), row["name"])
    return len(behind)
