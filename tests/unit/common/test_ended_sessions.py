"""Ended sessions as a process knows them."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from libs.common.bus.interface import (
    Outgoing,
)
from libs.common.bus.topology import FACTS
from libs.common.contracts.facts import (
    FACT,
    SESSION_REVOKED,
    KeysRotated,
    SessionRevoked,
    encode_fact,
)
from libs.common.contracts.ids import PersonId, SessionId
from libs.common.errors import Unavailable
from libs.common.tokens.ended_sessions import EndedSessions
from libs.common.tokens.revoked import RevokedSessions
from tests.support.buses import ForgetfulBus
from tests.support.clock import TEN_O_CLOCK, SetClock, settle

ALICE = PersonId(UUID(int=1))
PHONE, LAPTOP = SessionId(UUID(int=2)), SessionId(UUID(int=3))
UNTIL = TEN_O_CLOCK + 900.0
PHONE_ENDED = encode_fact(SessionRevoked(PHONE, ALICE, UNTIL, "logged_out"))


class Book:
    """Remembers what a test writes down; `is_lost` while it cannot be read."""

    def __init__(self) -> None:
        self.sessions: list[tuple[SessionId, float]] = []
        self.is_lost = False

    async def ended(self, *, since: float) -> list[tuple[SessionId, float]]:
        if self.is_lost:
            raise Unavailable
        return [(its_id, until) for its_id, until in self.sessions if until > since]


class Process:
    """What a process knows and hears."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.book = Book()
        self.bus = ForgetfulBus(self.clock)
        self.revoked = RevokedSessions()
        self.sessions = EndedSessions(
            self.book, self.revoked, bus=self.bus, clock=self.clock, inbox_name="auth.1"
        )

    async def hears(self, key: str, body: bytes, *, kind: str = FACT) -> None:
        await self.bus.publish(Outgoing(FACTS, key, kind, body), timeout_s=5.0)
        await settle()


@pytest.fixture
async def process() -> AsyncIterator[Process]:
    """A process that has started with an ended laptop in the book."""
    process = Process()
    process.book.sessions.append((LAPTOP, UNTIL))
    await process.sessions.start()
    running = asyncio.create_task(process.sessions.run())
    yield process
    running.cancel()
    await process.sessions.stop()


async def test_what_ended_before_the_start_is_read(process: Process) -> None:
    assert process.revoked.has(LAPTOP)


async def test_what_ends_afterwards_is_heard(process: Process) -> None:
    await process.hears(SESSION_REVOKED, PHONE_ENDED)

    assert process.revoked.has(PHONE)


async def test_an_end_is_forgotten_when_the_last_token_has_expired(process: Process) -> None:
    await process.clock.advance(900.0 + 61.0)

    assert not process.revoked.has(LAPTOP)


async def test_what_was_missed_is_read_within_a_second(process: Process) -> None:
    process.book.sessions.append((PHONE, UNTIL))
    process.bus.say_lost()

    await process.clock.advance(1.0)

    assert process.revoked.has(PHONE)


async def test_without_a_gap_nothing_is_read_again(process: Process) -> None:
    process.book.sessions.append((PHONE, UNTIL))

    await process.clock.advance(10.0)

    assert not process.revoked.has(PHONE)


async def test_a_book_that_cannot_be_read_is_read_later(process: Process) -> None:
    process.book.sessions.append((PHONE, UNTIL))
    process.book.is_lost = True
    process.bus.say_lost()
    await process.clock.advance(1.0)
    before = process.revoked.has(PHONE)

    process.book.is_lost = False
    await process.clock.advance(1.0)

    assert (before, process.revoked.has(PHONE)) == (False, True)


async def test_a_process_is_ready_once_it_has_read_what_ended_before() -> None:
    process = Process()
    process.book.sessions.append((LAPTOP, UNTIL))
    process.book.is_lost = True
    await process.sessions.start()
    with pytest.raises(Unavailable):
        await process.sessions.check()
    running = asyncio.create_task(process.sessions.run())

    process.book.is_lost = False
    await process.clock.advance(1.0)

    await process.sessions.check()
    assert process.revoked.has(LAPTOP)
    running.cancel()


async def test_a_fact_that_cannot_be_read_counts_as_missed(process: Process) -> None:
    process.book.sessions.append((PHONE, UNTIL))

    await process.hears(SESSION_REVOKED, b"unreadable")
    await process.clock.advance(1.0)

    assert process.revoked.has(PHONE)


async def test_what_is_no_end_of_a_session_changes_nothing(process: Process) -> None:
    await process.hears(SESSION_REVOKED, PHONE_ENDED, kind="another.v1")
    await process.hears(SESSION_REVOKED, encode_fact(KeysRotated("key")))

    assert not process.revoked.has(PHONE)


async def test_a_process_that_never_started_can_be_stopped() -> None:
    await Process().sessions.stop()
