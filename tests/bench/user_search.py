"""How long a search for people takes among a hundred thousand.

    python -m tests.bench.user_search postgresql://postgres@127.0.0.1:5432/scratch

People have names of one to four words, made of first and last names of which a few are common and
most are rare, in the database given, which is filled at the first time. Each search asks for a page
of 50 as the API does, again and again, at the beginning and in the middle of all that it finds.
Milliseconds: half of them, 99 of 100.
"""

import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from pydantic import SecretStr

from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from libs.common.migrate import migrate
from libs.common.postgres import Database, DatabaseSettings
from services.auth.app import schema
from services.auth.core.accounts import name_key
from services.auth.model.cursors import SearchCursor
from services.auth.model.searching import search_of
from services.auth.store.searching import SearchStore
from services.auth.store.words import catch_up

PEOPLE: Final = 100_000
PAGE: Final = 51
TIMES: Final = 200

FIRST: Final = [
    "Maria",
    "José",
    "Anna",
    "Ali",
    "Åsa",
    "Jean-Luc",
    "Chloé",
    "Mohammed",
    "Wei",
    "小明",
    "Дмитрий",
    "Zoë",
    "Max",
    "Bo",
]
LAST: Final = [
    "Müller",
    "García",
    "O'Brien",
    "Nguyễn",
    "Smith",
    "Ivanova",
    "Şahin",
    "Le",
    "Johansson",
    "王",
    "da",
    "Silva",
]
SYLLABLES: Final = [
    "ka",
    "ro",
    "mi",
    "ten",
    "la",
    "du",
    "se",
    "vor",
    "ni",
    "pel",
    "as",
    "tu",
    "gan",
    "ri",
    "os",
    "be",
]

SEARCHES: Final = (
    "",
    "m",
    "a",
    "ma",
    "maria",
    "mar mul",
    "müller anna",
    "s m",
    "小",
    "kata",
    "xyz",
)

PUT: Final = """
    INSERT INTO account (id, email, email_key, name, name_key, system_role, created_at, updated_at)
    SELECT id, id::text, id::text, name, key, 'member', now(), now()
    FROM unnest($1::uuid[], $2::text[], $3::text[]) AS made (id, name, key)
"""

IS_FULL: Final = "SELECT EXISTS (SELECT FROM account)"

SETTLE: Final = "ANALYZE account, account_word"


def some_name(chance: random.Random) -> str:
    """Return a name; one word in three is rare."""

    def word(common: list[str]) -> str:
        if chance.random() < 0.67:
            return chance.choice(common)
        return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).title()

    last = [word(LAST) for _ in range(chance.choice((0, 1, 1, 1, 2, 3)))]
    return " ".join([word(FIRST), *last])[:64]


async def fill(database: Database) -> None:
    """Make the people; their words are made as after an upgrade."""
    chance = random.Random(7)
    for begin in range(0, PEOPLE, 10_000):
        names = [some_name(chance) for _ in range(10_000)]
        ids = [UUID(int=begin + number + 1) for number in range(10_000)]
        await database.execute(PUT, ids, names, [name_key(name) for name in names])
    started = time.perf_counter()
    while await catch_up(database):
        pass
    say(f"words of {PEOPLE} names made in {time.perf_counter() - started:.1f} s")
    await database.execute(SETTLE)


async def timed(what: Callable[[], Awaitable[object]]) -> str:
    """Return how long something takes, half of the times and 99 of 100."""
    took = []
    for _ in range(TIMES):
        started = time.perf_counter()
        await what()
        took.append((time.perf_counter() - started) * 1e3)
    took.sort()
    return f"{took[TIMES // 2]:7.2f} {took[int(TIMES * 0.99)]:7.2f}"


async def measure(store: SearchStore, typed: str) -> None:
    """Print how long the pages of one search take."""
    search = search_of(typed)
    found = await store.find(search, after=None, limit=PEOPLE)
    middle = found[len(found) // 2].place if found else SearchCursor.before(None, "")
    first = await timed(lambda: store.find(search, after=None, limit=PAGE))
    later = await timed(lambda: store.find(search, after=middle, limit=PAGE))
    say(f"{typed:12} {len(found):8} {first} {later} ms")


async def main(dsn: str) -> None:
    """Measure in this database."""
    await migrate(dsn, schema("hubbub_bench"), half=None)
    clock = SystemClock()
    settings = DatabaseSettings(database_url=SecretStr(dsn), database_max_connections=1)
    database = await Database.connect(
        settings, service="auth", clock=clock, chance=SystemChance(clock)
    )
    if not await database.fetchval(IS_FULL):
        await fill(database)
    store = SearchStore(database)
    say("typed           found       first page      in the middle")
    for typed in SEARCHES:
        await measure(store, typed)
    await database.close(timeout_s=5)


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a bench is read on the terminal


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
