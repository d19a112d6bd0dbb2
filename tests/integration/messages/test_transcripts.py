"""Taking a transcript: what is in it, who gets it, and what it costs."""

import json
import tracemalloc
from typing import Any
from uuid import UUID

import pytest

from libs.common.contracts.commands import DeleteMessage, EditMessage
from libs.common.contracts.ids import MessageId, Seq
from libs.common.contracts.people import RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.http.people import Caller
from libs.common.postgres import Database
from services.messages.api.transcripts import TranscriptApi
from services.messages.core.transcript import Format
from services.messages.model.rooms import Room
from services.messages.store.entries import EntryStore
from services.messages.store.messages import MessageStore
from tests.integration.messages.around import ALICE, BOB, CHARLIE, LOBBY
from tests.integration.messages.house import House, house_at
from tests.support.clock import SetClock

PATH = f"/v1/rooms/{LOBBY}/transcript"


async def talk(house: House) -> None:
    """Let three things be said: one that stays, one that is edited, one that is deleted."""
    await house.lobby(title="Retro")
    await house.post(ALICE, "welcome")
    edited = MessageId(UUID((await house.post(BOB, "helo"))["message_id"]))
    gone = MessageId(UUID((await house.post(BOB, "oops"))["message_id"]))
    await house.ask(BOB, EditMessage(edited, "hello"))
    await house.ask(BOB, DeleteMessage(gone))


async def test_a_text_has_what_was_said_and_not_taken_back(house: House) -> None:
    await talk(house)
    alice = await house.client("Alice")

    answer = await alice.get(PATH)

    assert answer.status_code == 200
    lines = answer.text.splitlines()
    assert lines[0] == "Retro"
    assert [line.partition("] ")[2] for line in lines[3:]] == ["Alice: welcome", "Bob: hello"]


async def test_it_comes_as_a_file_that_nobody_keeps(house: House) -> None:
    await talk(house)
    alice = await house.client("Alice")

    answer = await alice.get(PATH, params={"format": "text"})

    assert answer.headers["content-disposition"].startswith('attachment; filename="transcript-re')
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


async def test_for_programs_each_line_is_a_message(house: House) -> None:
    await talk(house)
    alice = await house.client("Alice")

    answer = await alice.get(PATH, params={"format": "json"})

    said = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [(one["author"]["name"], one["content"]) for one in said] == [
        ("Alice", "welcome"), ("Bob", "hello")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "bob", "charlie"),
    [
        (RoomKind.PRIVATE, 403, 404),
        (RoomKind.PUBLIC, 403, 403),
        (RoomKind.GUEST, 403, 404),
        (RoomKind.DIRECT, 200, 404),
    ],
)
async def test_only_who_looks_after_the_room_takes_one(
    house: House, kind: RoomKind, bob: int, charlie: int
) -> None:
    await house.lobby(kind=kind)
    clients = [await house.client(name) for name in ("Bob", "Charlie")]

    assert [(await client.get(PATH)).status_code for client in clients] == [bob, charlie]


async def test_a_closed_room_can_still_be_taken_down(house: House) -> None:
    await talk(house)
    await house.told_of_room(kind=RoomKind.GUEST, state=RoomState.CLOSED, title="Retro")
    alice = await house.client("Alice")

    assert "welcome" in (await alice.get(PATH)).text


async def test_an_admin_who_was_made_one_takes_it_and_one_who_is_no_more_does_not(
    house: House,
) -> None:
    await talk(house)
    bob = await house.client("Bob")
    await house.told_of_member(BOB, RoomRole.ADMIN)
    as_admin = await bob.get(PATH)

    await house.told_of_member(BOB, RoomRole.MEMBER)

    assert (as_admin.status_code, (await bob.get(PATH)).status_code) == (200, 403)


async def test_taking_many_is_paced(database: Database) -> None:
    async with house_at(database, transcripts_per_minute=2) as house:
        await house.lobby()
        alice = await house.client("Alice")

        answers = [await alice.get(PATH) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json()["retry_after_ms"] > 0


FILL = """
INSERT INTO log (
    room_id, seq, kind, at, actor_kind, actor_id, actor_name, message_id, client_msg_id, content,
    rev, mentions
)
SELECT
    $1, seq, 'message', now(), 'user', $2, 'Bob', gen_random_uuid(), seq::text,
    repeat('word ', 60), 1, '{}'
FROM generate_series($3::bigint, $4) AS seq
"""

HEAD = """
INSERT INTO room_head (
    room_id, epoch, last_seq, version, written_at, kind, state, title, topic, slow_mode_s
)
VALUES ($1, 'e', $2, 1, now(), 'private', 'open', 'Long', '', 0)
"""

MESSAGES = 100_000
AT_ONCE = 5_000
"""Few enough that a busy machine writes them in the time of one statement."""

MEMORY_BYTES = 16 * 1024 * 1024


class OpenDoor:
    """Lets everybody take everything of a room."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def check(self, *_: Any) -> Room:
        return self._room


class NoPace:
    async def take(self, key: str) -> None:
        """Let everybody do anything."""


@pytest.mark.proof
async def test_a_hundred_thousand_messages_take_the_memory_of_a_page(database: Database) -> None:
    await database.execute(HEAD, LOBBY, MESSAGES)
    for before in range(0, MESSAGES, AT_ONCE):
        await database.execute(FILL, LOBBY, BOB.id, before + 1, before + AT_ONCE)
    found = await EntryStore(database).after(LOBBY, Seq(MESSAGES), limit=1)
    assert found is not None
    door: Any = OpenDoor(found[0])
    api = TranscriptApi(MessageStore(database), door, pace=NoPace(), clock=SetClock())
    caller = Caller(CHARLIE.id, CHARLIE.kind, CHARLIE.name, None, 0.0)

    lines = 0
    tracemalloc.start()
    answer = await api.take(caller, LOBBY, format=Format.JSON)
    async for piece in answer.body_iterator:
        assert isinstance(piece, bytes)
        lines += piece.count(b"\n")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert lines == MESSAGES
    assert peak < MEMORY_BYTES
