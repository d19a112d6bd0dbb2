"""What auth tells of users is kept in order, and nothing that cannot be kept stops the rest."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

from structlog.testing import capture_logs

from libs.common.bus.interface import (
    Binding,
    Consumer,
    Delivery,
    OnDelivery,
    OnLost,
    Outgoing,
    Queue,
)
from libs.common.bus.local import LocalBus
from libs.common.bus.topology import DEAD, FACTS
from libs.common.contracts.facts import (
    BLOCK_CHANGED,
    FACT,
    SESSION_REVOKED,
    USER_UPDATED,
    BlockChanged,
    SessionRevoked,
    UserChanged,
    encode_fact,
)
from libs.common.contracts.ids import PersonId, SessionId
from libs.common.contracts.people import PersonKind, SystemRole
from libs.common.errors import Unavailable
from libs.common.facts import BLOCKS, RETRY_S, USERS, Facts
from libs.common.outages import StatementTooSlow
from libs.common.patience import MAX_SLOW_TRIES
from tests.support.clock import SetClock, settle

ALICE = PersonId(UUID(int=1))


@dataclass
class Desk:
    """A service that keeps names, the bus it hears them on, and what was laid aside."""

    clock: SetClock
    bus: LocalBus
    names: list[str] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    dead: list[Delivery] = field(default_factory=list)

    async def keep(self, fact: UserChanged) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.names.append(fact.name)

    async def tell(self, *names: str) -> None:
        for name in names:
            fact = UserChanged(ALICE, PersonKind.USER, name, SystemRole.MEMBER, False, 1)
            await self.put(encode_fact(fact))

    async def put(self, body: bytes, *, key: str = USER_UPDATED, kind: str = FACT) -> None:
        await self.bus.publish(Outgoing(FACTS, key, kind, body), timeout_s=1)
        await settle()


@asynccontextmanager
async def desk(make_bus: type[LocalBus] = LocalBus) -> AsyncIterator[Desk]:
    clock = SetClock()
    bus = make_bus(clock)
    desk = Desk(clock, bus)
    facts = Facts(bus, "rooms", desk.keep, about=USERS, publish_timeout_s=1, clock=clock)
    await facts.start()
    inbox = await bus.open_inbox(
        "undertaker", (Binding(DEAD, "dead"),), desk.dead.append, on_gap=lambda: None
    )
    working = asyncio.create_task(facts.run())
    yield desk
    assert not working.done()
    working.cancel()
    await asyncio.wait({working})
    await facts.stop()
    await inbox.close()


async def test_facts_are_kept_in_their_order() -> None:
    async with desk() as rooms:
        await rooms.tell("Alice", "Alicia", "Ally")

        assert rooms.names == ["Alice", "Alicia", "Ally"]


async def test_facts_of_others_than_users_are_not_asked_for() -> None:
    async with desk() as rooms:
        fact = SessionRevoked(SessionId(UUID(int=2)), ALICE, 0.0, "left")
        await rooms.put(encode_fact(fact), key=SESSION_REVOKED)

        assert (rooms.names, rooms.dead) == ([], [])


async def test_a_fact_waits_for_a_database_that_is_away_and_keeps_its_place() -> None:
    async with desk() as rooms:
        rooms.failures = [Unavailable(), Unavailable()]
        await rooms.tell("Alice", "Alicia")
        before = list(rooms.names)

        for _ in range(2):
            await rooms.clock.advance(RETRY_S)

        assert (before, rooms.names) == ([], ["Alice", "Alicia"])


async def test_what_is_no_fact_of_a_user_is_buried() -> None:
    async with desk() as rooms:
        await rooms.put(b"\xc1")
        await rooms.put(b"", key="auth.user.vanished")
        await rooms.put(b"", kind="fact.v9")
        await rooms.tell("Alice")

        assert [letter.type for letter in rooms.dead] == [FACT, FACT, "fact.v9"]
        assert rooms.names == ["Alice"]


async def test_a_fact_that_is_always_too_slow_to_keep_is_buried() -> None:
    async with desk() as rooms:
        rooms.failures = [StatementTooSlow() for _ in range(MAX_SLOW_TRIES)]
        await rooms.tell("Alice", "Alicia")

        for _ in range(MAX_SLOW_TRIES):
            await rooms.clock.advance(RETRY_S)

        assert (rooms.names, len(rooms.dead)) == (["Alicia"], 1)


async def test_a_fact_that_breaks_the_service_is_buried_and_the_next_is_kept() -> None:
    async with desk() as rooms:
        rooms.failures = [KeyError("a mistake of ours")]
        with capture_logs() as lines:
            await rooms.tell("Alice", "Alicia")

        assert (rooms.names, len(rooms.dead)) == (["Alicia"], 1)
    assert [line["reason"] for line in lines if line["event"] == "fact_buried"] == ["KeyError"]


async def test_a_buried_fact_is_tried_until_the_bus_has_it() -> None:
    class Away(LocalBus):
        failures = 1

        async def publish(self, message: Outgoing, *, timeout_s: float) -> None:
            if message.exchange is DEAD and self.failures:
                self.failures -= 1
                raise Unavailable
            await super().publish(message, timeout_s=timeout_s)

    async with desk(Away) as rooms:
        await rooms.put(b"\xc1")
        await rooms.tell("Alice")
        before = list(rooms.names)

        await rooms.clock.advance(RETRY_S)

        assert (before, rooms.names, len(rooms.dead)) == ([], ["Alice"], 1)


async def test_what_comes_again_after_a_cut_is_kept_once() -> None:
    class Cut(LocalBus):
        lost: list[OnLost | None]

        async def consume(
            self,
            queue: Queue,
            on_delivery: OnDelivery,
            *,
            prefetch: int,
            on_lost: OnLost | None = None,
        ) -> Consumer:
            self.lost = [on_lost]
            return await super().consume(queue, on_delivery, prefetch=prefetch, on_lost=on_lost)

    clock = SetClock()
    bus = Cut(clock)
    rooms = Desk(clock, bus)
    facts = Facts(bus, "rooms", rooms.keep, about=USERS, publish_timeout_s=1, clock=clock)
    await facts.start()
    await rooms.tell("Alice")

    [on_lost] = bus.lost
    assert on_lost is not None
    on_lost()
    await rooms.tell("Alice again")
    working = asyncio.create_task(facts.run())
    await settle()

    assert rooms.names == ["Alice again"]
    working.cancel()
    await asyncio.wait({working})
    await facts.stop()


async def test_what_was_not_kept_comes_again_to_the_next_instance() -> None:
    clock = SetClock()
    bus = LocalBus(clock)
    rooms = Desk(clock, bus)
    first = Facts(bus, "rooms", rooms.keep, about=USERS, publish_timeout_s=1, clock=clock)
    await first.start()
    await rooms.tell("Alice")
    await first.stop()

    second = Facts(bus, "rooms", rooms.keep, about=USERS, publish_timeout_s=1, clock=clock)
    await second.start()
    working = asyncio.create_task(second.run())
    await settle()

    assert rooms.names == ["Alice"]
    working.cancel()
    await asyncio.wait({working})
    await second.stop()


async def test_blocks_have_a_queue_of_their_own() -> None:
    clock = SetClock()
    bus = LocalBus(clock)
    heard: list[BlockChanged] = []

    async def keep(fact: BlockChanged) -> None:
        heard.append(fact)

    facts = Facts(bus, "messages", keep, about=BLOCKS, publish_timeout_s=1, clock=clock)
    await facts.start()
    working = asyncio.create_task(facts.run())
    block = BlockChanged(ALICE, PersonId(UUID(int=2)), is_blocked=True, version=1)

    await bus.publish(Outgoing(FACTS, BLOCK_CHANGED, FACT, encode_fact(block)), timeout_s=1)
    await settle()

    working.cancel()
    await asyncio.wait({working})
    await facts.stop()
    assert heard == [block]
    assert BLOCKS.queue("messages").name != USERS.queue("messages").name
