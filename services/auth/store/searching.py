"""Finds people, in Postgres, in the order in which they are shown.

    names that begin with what was typed       by name
    then names of which each word was begun    by the word that the longest typed word begins

The exact name stands first among the first, as nothing shorter begins like it. Both parts are read
along an index from where the last page ended, so a search that finds everybody costs no more than
its page.
"""

from dataclasses import dataclass
from typing import Final

import asyncpg

from libs.common.contracts.ids import PersonId
from libs.common.postgres import Database
from services.auth.model.accounts import Account
from services.auth.model.cursors import SearchCursor
from services.auth.model.searching import AFTER_ALL, Search
from services.auth.store.rows import ACCOUNT, account_of

# $1 and $2 hold the names between them, $3 and $4 are the last key and id of the page before.
BY_NAME: Final = f"""
    SELECT {ACCOUNT}, account.search_key, NULL AS word FROM account
    WHERE disabled_at IS NULL
        AND search_key >= $1 AND search_key < $2
        AND (search_key, id) > ($3, $4::uuid)
    ORDER BY search_key, id
    LIMIT $5
"""

# $1 and $2 hold the words between them; $3 to $5 are the last word, key and id; $6 begins the names
# that were shown before. Somebody is found by the first of their words that is begun.
FOUND_BY_WORD: Final = f"""
    SELECT {ACCOUNT}, found.search_key, found.word
    FROM account_word AS found JOIN account ON account.id = found.account_id
    WHERE account.disabled_at IS NULL
        AND found.word >= $1 AND found.word < $2
        AND (found.word, found.search_key, found.account_id) > ($3, $4, $5::uuid)
        AND NOT starts_with(found.search_key, $6)
        AND NOT EXISTS (
            SELECT FROM account_word AS other
            WHERE other.account_id = found.account_id AND other.word >= $1
                AND other.word < found.word
        )
"""

BY_ONE_WORD: Final = f"""
    {FOUND_BY_WORD} AND NOT found.is_first
    ORDER BY found.word, found.search_key, found.account_id
    LIMIT $7
"""

# $8 are the other words, and $9 stands behind every letter.
BY_WORDS: Final = f"""
    {FOUND_BY_WORD} AND NOT EXISTS (
        SELECT FROM unnest($8::text[]) AS typed (word)
        WHERE NOT EXISTS (
            SELECT FROM account_word AS other
            WHERE other.account_id = found.account_id
                AND other.word >= typed.word AND other.word < typed.word || $9
        )
    )
    ORDER BY found.word, found.search_key, found.account_id
    LIMIT $7
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody who was found, and where a list goes on behind them."""

    account: Account
    place: SearchCursor


class SearchStore:
    """Searches for people who may log in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, search: Search, *, after: SearchCursor | None, limit: int) -> list[Hit]:
        """Return at most `limit` people, those behind `after`."""
        hits: list[Hit] = []
        if after is None or after.word is None:
            # From where the first may stand: Postgres reads an index from the end of the last page
            # on, wherever the names begin that are wanted.
            start = after or SearchCursor.before(None, search.key)
            hits = await self._by_name(search, start, limit)
            after = None
        if search.words and len(hits) < limit:
            start = after or SearchCursor.before(search.words[0], "")
            hits += await self._by_word(search, start, limit - len(hits))
        return hits

    async def _by_name(self, search: Search, after: SearchCursor, limit: int) -> list[Hit]:
        behind = search.key + AFTER_ALL
        rows = await self._database.fetch(BY_NAME, search.key, behind, after.key, after.id, limit)
        return [_hit(row) for row in rows]

    async def _by_word(self, search: Search, after: SearchCursor, limit: int) -> list[Hit]:
        longest, *others = search.words
        asked = (
            longest,
            longest + AFTER_ALL,
            after.word,
            after.key,
            after.id,
            search.key,
            limit,
        )
        if others:
            rows = await self._database.fetch(BY_WORDS, *asked, others, AFTER_ALL)
        else:
            rows = await self._database.fetch(BY_ONE_WORD, *asked)
        return [_hit(row) for row in rows]


def _hit(row: asyncpg.Record) -> Hit:
    place = SearchCursor(row["word"], row["search_key"], PersonId(row["id"]))
    return Hit(account_of(row), place)
