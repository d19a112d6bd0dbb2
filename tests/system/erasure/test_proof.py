"""The proof: marks of one person are put everywhere, the person is erased, no mark is left.

Run it with `-s`, or as `make erasure-proof`, to see where what was found.
"""

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import asyncpg
import httpx
import pytest
import pytest_asyncio

from hubbub_client.api import Api
from libs.common.bus.topology import facts_for, person_commands, room_commands
from services.nodes.postgres.options import SUPERUSER
from tests.support.fleet import Fleet
from tests.support.receipts import check_receipts
from tests.support.shapes import Shape
from tests.support.waiting import eventually
from tests.system.erasure.columns import COLUMNS, MARKED
from tests.system.erasure.looking import (
    WORDY,
    columns,
    files_with,
    lines_with,
    marked,
    table,
)
from tests.system.erasure.planting import PLANTS
from tests.system.people import PASSWORD, Person, anonymous

pytestmark = pytest.mark.asyncio(loop_scope="package")

MARK: Final = "zq7marked"
EMAIL: Final = f"bob-{MARK}@example.org"

ERASED_S: Final = 20.0

ATTEMPTED: Final = hashlib.sha256(EMAIL.encode()).digest()
"""Under what log-ins with Bob's address are counted."""

ATTEMPTS: Final = "SELECT count(*) FROM auth.login_attempt WHERE email_hash = $1"

UNDONE: Final = """
    SELECT state FROM auth.erasure WHERE id = $1 AND state <> 'done'
    UNION ALL
    SELECT service FROM auth.erasure_step WHERE erasure_id = $1 AND finished_at IS NULL
"""


@pytest_asyncio.fixture(loop_scope="package")
async def database(program: Shape) -> AsyncIterator[asyncpg.Connection]:
    """Everything that all services keep."""
    folder: Path = program.folder  # type: ignore[attr-defined]  # both shapes have one
    lines = (folder / "postgres" / "cluster" / "postmaster.pid").read_text().splitlines()
    connection = await asyncpg.connect(
        host=lines[4], port=int(lines[3]), user=SUPERUSER, database="hubbub"
    )
    yield connection
    await connection.close()


@pytest_asyncio.fixture(loop_scope="package")
async def marked_bob(program: Shape) -> AsyncIterator[Person]:
    """Bob, of whom everything has a mark."""
    api = Api(program.url)
    await api.register(EMAIL, PASSWORD, f"Bob {MARK}", device=f"{MARK} phone")
    bob = Person(api, anonymous(program.url), program.socket_url, EMAIL)
    yield bob
    await bob.close()


async def test_every_column_is_known(database: asyncpg.Connection) -> None:
    there = {f"{one.place}.{one.name}" for one in await columns(database) if one.kind in WORDY}
    known = {f"{place}.{name}" for place, names in COLUMNS.items() for name in names}

    assert not there - known, (
        f"New: {sorted(there - known)}. Mark them in tests/system/erasure/columns.py and let the "
        "erasure of their service empty them, or say there why nobody's words can be in them."
    )
    assert not known - there, f"Gone: {sorted(known - there)}."


async def test_nothing_of_a_person_is_left(
    program: Shape, database: asyncpg.Connection, alice: Person, marked_bob: Person
) -> None:
    bob = marked_bob
    shared, alone = await live(alice, bob)
    await plant(database, bob)
    wordy = [one for one in await columns(database) if one.kind in WORDY]
    before = {one: await marked(database, one, MARK) for one in wordy}
    assert await database.fetchval(ATTEMPTS, ATTEMPTED) == 1

    async with alice.wire(shared) as alices, bob.wire() as bobs:
        asked = await bob.call("DELETE", "/v1/me")
        assert asked.status_code == httpx.codes.ACCEPTED, asked.text
        code, _ = await bobs.closed()
        await erased(database, asked.json()["erasure_id"])
        heads = await alice.get(f"/v1/rooms/{shared}/events", limit=100)
        await alices.reach(heads["items"][-1]["seq"])

    done = await alice.get(f"/v1/erasures/{asked.json()['erasure_id']}")
    after = {one: await marked(database, one, MARK) for one in wordy}
    in_queues = await waiting(program)
    in_files = files_with(program.folder, MARK)  # type: ignore[attr-defined]
    in_output = list(lines_with(program.output, MARK))
    print(matrix(before, after, in_queues, in_files, in_output))  # noqa: T201

    unmarked = [one for one in wordy if is_marked(one.place, one.name) and not before[one]]
    assert not unmarked, f"nothing was put there: {unmarked}"
    assert not [one for one, rows in after.items() if rows]
    assert in_files == []
    assert not in_output
    assert not in_queues
    assert code in {4401, 4403}
    check_receipts(done, of=["auth", "rooms", "messages", "presence"])
    assert await database.fetchval(ATTEMPTS, ATTEMPTED) == 0
    assert (await alice.call("GET", f"/v1/rooms/{alone}")).status_code == httpx.codes.NOT_FOUND
    await check_history(alice, bob, shared)
    assert (await log_in(alice)).status_code == httpx.codes.UNAUTHORIZED


async def live(alice: Person, bob: Person) -> tuple[str, str]:
    """Let Bob do all that leaves something behind; return a room with others, and his own."""
    shared = await alice.make_room()
    await bob.join(shared)
    hers = await alice.write(shared, f"Hello <@{bob.id}>")
    await bob.write(shared, f"{MARK}: first", client_msg_id=f"{MARK}-1")
    edited = await bob.write(shared, f"{MARK}: seconb", client_msg_id=f"{MARK}-2")
    for method, path, body in (
        ("PATCH", f"/v1/messages/{edited['id']}", {"content": f"{MARK}: second"}),
        ("PUT", f"/v1/messages/{hers['id']}/reactions/🎉", None),
        ("PUT", f"/v1/rooms/{shared}/read", {"seq": 3}),
        ("PUT", "/v1/presence", {"state": "away", "status_text": f"{MARK} is away"}),
        ("PATCH", "/v1/me", {"name": f"Bobby {MARK}"}),
        ("POST", "/v1/direct", {"user_ids": [alice.id]}),
    ):
        (await bob.call(method, path, body)).raise_for_status()
    room = {"kind": "private", "title": f"{MARK} alone", "topic": f"about {MARK}"}
    answer = await bob.call("POST", "/v1/rooms", room, headers={"idempotency-key": MARK})
    alone = str(answer.raise_for_status().json()["id"])
    await bob.is_in(alone)
    (
        await bob.call("PATCH", f"/v1/rooms/{alone}", {"title": f"{MARK} and nobody"})
    ).raise_for_status()
    await bob.write(alone, f"{MARK}: to myself")
    token = {"name": f"{MARK} token", "scopes": ["profile"]}
    (await bob.call("POST", "/v1/tokens", token)).raise_for_status()
    (await bob.call("POST", "/v1/bots", {"name": f"{MARK} bot"})).raise_for_status()
    return shared, alone


async def plant(database: asyncpg.Connection, bob: Person) -> None:
    """Put marks where nothing that Bob did has put one."""
    values = {
        "id": f"'{bob.id}'::uuid",
        "mark": f"'{MARK}'::text",
        "bytes": f"convert_to('{MARK}', 'UTF8')",
        "email": f"'{EMAIL}'::text",
        "email_hash": f"decode('{ATTEMPTED.hex()}', 'hex')",
    }
    for statement in PLANTS:
        await database.execute(statement.format(**values))


async def erased(database: asyncpg.Connection, erasure_id: str) -> None:
    """Return once the erasure is done, or say of whom it is waiting."""
    await eventually(
        lambda: database.fetch(UNDONE, erasure_id), lambda undone: not undone, within_s=ERASED_S
    )


async def waiting(program: Shape) -> list[str]:
    """Return the lasting queues of the broker in which something waits, of those for people."""
    if not isinstance(program, Fleet):
        # The queues of one process settle before their publishers go on.
        return []
    spread = range(8)
    wanted = {facts_for(name, "").name for name in ("rooms", "messages")}
    wanted |= {room_commands(shard).name for shard in spread}
    wanted |= {person_commands(shard).name for shard in spread}
    listed = await program.rabbitmqctl(
        "list_queues", "--vhost", "hubbub", "--formatter", "json", "name", "messages"
    )
    queues = json.loads(listed[listed.index("[") :])
    return [one["name"] for one in queues if one["name"] in wanted and one["messages"]]


async def check_history(alice: Person, bob: Person, room_id: str) -> None:
    """Check that nobody else's history has a hole, and Bob has no name in it."""
    messages = await alice.history(room_id)
    assert [one["content"] for one in messages] == [f"Hello <@{bob.id}>", "", ""]
    assert {one["author"]["name"] for one in messages} == {"Alice", "Deleted user"}
    assert messages[0]["reactions"] == []
    events = (await alice.get(f"/v1/rooms/{room_id}/events", limit=100))["items"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))


async def log_in(alice: Person) -> httpx.Response:
    return await alice.http.post("/v1/auth/login", json={"email": EMAIL, "password": PASSWORD})


def is_marked(place: str, name: str) -> bool:
    return COLUMNS[place][name] == MARKED


def matrix(before: dict, after: dict, *others: list[str]) -> str:  # type: ignore[type-arg]
    """Return what was found where, before and after."""
    rows = {
        f"{one.place}.{one.name}": f"{before[one]:>4} -> {after[one]}"
        + ("" if is_marked(one.place, one.name) else f"   {COLUMNS[one.place][one.name]}")
        for one in before
    }
    names = ("queues of the broker", "files of the data folder", "lines that were printed")
    rows |= {name: f"     {len(found)}" for name, found in zip(names, others, strict=True)}
    return "\n" + table(rows)
