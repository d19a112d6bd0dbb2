"""Every bus keeps these promises, whichever way it carries bytes.

A suite joins an implementation by a class that inherits `BusPromises` and a fixture `bus`; nothing
here knows how the bus works inside. Deliveries may take a while on a real broker, so tests wait for
what they expect, never for a time.
"""

import asyncio
from dataclasses import replace

import pytest

from libs.common.bus.interface import (
    Binding,
    Bus,
    Delivery,
    Outgoing,
    Queue,
    Refused,
    Unroutable,
    WhenFull,
)
from libs.common.bus.topology import (
    COMMANDS,
    DEAD,
    DEAD_KEY,
    EVENTS,
    FACTS,
    REPLY,
    dead_letters,
)

PATIENCE_S = 5.0

ROOM_7 = Queue(
    name="messages.cmd.7",
    bindings=(Binding(COMMANDS, "m.7"),),
    max_length=5,
    max_bytes=1_000,
    when_full=WhenFull.REFUSE,
    single_active=True,
)


class Reader:
    """Notes what comes and lets a test wait for so many."""

    def __init__(self) -> None:
        self.seen: list[Delivery] = []
        self._came = asyncio.Event()

    def __call__(self, delivery: Delivery) -> None:
        self.seen.append(delivery)
        self._came.set()

    async def bodies(self, number: int) -> list[bytes]:
        async with asyncio.timeout(PATIENCE_S):
            while len(self.seen) < number:
                self._came.clear()
                await self._came.wait()
        return [delivery.body for delivery in self.seen]


def command(body: bytes, *, is_mandatory: bool = False, must_survive: bool = False) -> Outgoing:
    return Outgoing(
        COMMANDS, "m.7", "cmd.v1", body, is_mandatory=is_mandatory, must_survive=must_survive
    )


async def publish(bus: Bus, *messages: Outgoing) -> None:
    for message in messages:
        await bus.publish(message, timeout_s=PATIENCE_S)


class BusPromises:
    """What users of a bus rely on."""

    async def test_a_queue_delivers_what_was_published_in_order(self, bus: Bus) -> None:
        reader = Reader()
        await bus.consume(ROOM_7, reader, prefetch=10)

        await publish(bus, command(b"one"), command(b"two"), command(b"three"))

        assert await reader.bodies(3) == [b"one", b"two", b"three"]

    async def test_a_delivery_carries_its_key_and_type(self, bus: Bus) -> None:
        reader = Reader()
        await bus.consume(ROOM_7, reader, prefetch=10)

        await publish(bus, command(b"one"))
        await reader.bodies(1)

        assert (reader.seen[0].key, reader.seen[0].type) == ("m.7", "cmd.v1")
        assert not reader.seen[0].is_redelivered

    async def test_what_came_before_the_first_consumer_waits_for_it(self, bus: Bus) -> None:
        reader = Reader()
        await bus.declare(ROOM_7)
        await publish(bus, command(b"early"))

        await bus.consume(ROOM_7, reader, prefetch=10)

        assert await reader.bodies(1) == [b"early"]

    async def test_a_consumer_has_no_more_than_its_prefetch_in_hand(self, bus: Bus) -> None:
        reader = Reader()
        consumer = await bus.consume(ROOM_7, reader, prefetch=2)
        await publish(bus, command(b"1"), command(b"2"), command(b"3"))
        assert await reader.bodies(2) == [b"1", b"2"]

        consumer.settle(reader.seen[1])

        assert await reader.bodies(3) == [b"1", b"2", b"3"]

    async def test_settling_a_delivery_settles_all_before_it(self, bus: Bus) -> None:
        reader, heir = Reader(), Reader()
        consumer = await bus.consume(ROOM_7, reader, prefetch=10)
        await publish(bus, command(b"1"), command(b"2"), command(b"3"))
        await reader.bodies(3)

        consumer.settle(reader.seen[1])
        await consumer.close()
        await bus.consume(ROOM_7, heir, prefetch=10)

        assert await heir.bodies(1) == [b"3"]

    async def test_what_was_not_settled_comes_back_in_order_and_says_so(self, bus: Bus) -> None:
        reader, heir = Reader(), Reader()
        consumer = await bus.consume(ROOM_7, reader, prefetch=2)
        await publish(bus, command(b"1"), command(b"2"), command(b"3"))
        await reader.bodies(2)

        await consumer.close()
        await bus.consume(ROOM_7, heir, prefetch=10)

        assert await heir.bodies(3) == [b"1", b"2", b"3"]
        assert [delivery.is_redelivered for delivery in heir.seen] == [True, True, False]

    async def test_a_standby_takes_over_only_when_the_active_consumer_goes(self, bus: Bus) -> None:
        active, standby = Reader(), Reader()
        consumer = await bus.consume(ROOM_7, active, prefetch=10)
        await bus.consume(ROOM_7, standby, prefetch=10)
        await publish(bus, command(b"1"))
        await active.bodies(1)
        assert standby.seen == []

        await consumer.close()

        assert await standby.bodies(1) == [b"1"]

    async def test_consumers_of_a_shared_queue_take_turns(self, bus: Bus) -> None:
        readers = [Reader(), Reader()]
        shared = replace(ROOM_7, name="shared", single_active=False)
        for reader in readers:
            await bus.consume(shared, reader, prefetch=1)

        await publish(bus, command(b"1"), command(b"2"))

        for reader in readers:
            assert len(await reader.bodies(1)) == 1

    async def test_a_full_queue_refuses_and_keeps_what_it_has(self, bus: Bus) -> None:
        reader = Reader()
        await bus.declare(ROOM_7)
        await publish(bus, *[command(b"%d" % number) for number in range(5)])

        with pytest.raises(Refused):
            await publish(bus, command(b"too many"))

        await bus.consume(ROOM_7, reader, prefetch=10)
        assert await reader.bodies(5) == [b"0", b"1", b"2", b"3", b"4"]

    async def test_a_queue_is_full_by_bytes_too(self, bus: Bus) -> None:
        await bus.declare(ROOM_7)
        await publish(bus, command(b"x" * 900))

        with pytest.raises(Refused):
            await publish(bus, command(b"x" * 101))

    async def test_a_queue_that_drops_loses_its_oldest(self, bus: Bus) -> None:
        reader = Reader()
        dropping = replace(ROOM_7, name="dropping", max_length=2, when_full=WhenFull.DROP_OLDEST)
        await bus.declare(dropping)

        await publish(bus, command(b"1"), command(b"2"), command(b"3"))
        await bus.consume(dropping, reader, prefetch=10)

        assert await reader.bodies(2) == [b"2", b"3"]

    async def test_a_mandatory_message_that_nobody_wants_is_returned(self, bus: Bus) -> None:
        with pytest.raises(Unroutable):
            await publish(bus, command(b"anybody?", is_mandatory=True))

    async def test_an_event_that_nobody_wants_is_forgotten(self, bus: Bus) -> None:
        await publish(bus, Outgoing(EVENTS, "e.1.0", "evt.v1", b"[]"))

    async def test_a_message_that_must_survive_is_published_once_a_consumer_settled_it(
        self,
        bus: Bus,
    ) -> None:
        reader = Reader()
        consumer = await bus.consume(ROOM_7, reader, prefetch=10)

        publishing = asyncio.create_task(publish(bus, command(b"kept", must_survive=True)))
        await reader.bodies(1)
        consumer.settle(reader.seen[0])

        async with asyncio.timeout(PATIENCE_S):
            await publishing

    async def test_facts_reach_every_service_whose_pattern_fits(self, bus: Bus) -> None:
        rooms, gateway, nobody = Reader(), Reader(), Reader()
        for name, pattern, reader in (
            ("rooms.facts", "auth.user.*", rooms),
            ("gateway.facts", "auth.#", gateway),
            ("other.facts", "rooms.#", nobody),
        ):
            queue = replace(ROOM_7, name=name, bindings=(Binding(FACTS, pattern),))
            await bus.consume(queue, reader, prefetch=10)

        await publish(bus, Outgoing(FACTS, "auth.user.updated", "fact.v1", b"renamed"))

        assert await rooms.bodies(1) == await gateway.bodies(1) == [b"renamed"]
        assert nobody.seen == []

    async def test_a_dead_letter_says_why_it_is_one(self, bus: Bus) -> None:
        reader = Reader()
        await bus.consume(dead_letters(), reader, prefetch=10)

        await publish(bus, Outgoing(DEAD, DEAD_KEY, "cmd.v1", b"poison", reason="KeyError"))

        assert await reader.bodies(1) == [b"poison"]
        assert (reader.seen[0].type, reader.seen[0].reason) == ("cmd.v1", "KeyError")

    async def test_settling_after_the_consumer_was_closed_does_no_harm(self, bus: Bus) -> None:
        reader, heir = Reader(), Reader()
        consumer = await bus.consume(ROOM_7, reader, prefetch=10)
        await publish(bus, command(b"1"), command(b"2"))
        await reader.bodies(2)
        await consumer.close()

        consumer.settle(reader.seen[1])
        await bus.consume(ROOM_7, heir, prefetch=10)

        assert await heir.bodies(2) == [b"1", b"2"]

    async def test_an_inbox_hears_its_address_and_its_bindings(self, bus: Bus) -> None:
        reader = Reader()
        inbox = await bus.open_inbox(
            "gw.a", [Binding(EVENTS, "e.1.0")], reader, on_gap=lambda: None
        )

        await publish(
            bus,
            Outgoing(REPLY, inbox.address, "ans.v1", b"answer"),
            Outgoing(EVENTS, "e.1.0", "evt.v1", b"event"),
        )

        assert await reader.bodies(2) == [b"answer", b"event"]

    async def test_an_event_reaches_every_inbox_bound_to_it(self, bus: Bus) -> None:
        readers = [Reader(), Reader()]
        for number, reader in enumerate(readers):
            await bus.open_inbox(
                f"gw.{number}", [Binding(EVENTS, "e.1.0")], reader, on_gap=lambda: None
            )

        await publish(bus, Outgoing(EVENTS, "e.1.0", "evt.v1", b"event"))

        assert [await reader.bodies(1) for reader in readers] == [[b"event"], [b"event"]]

    async def test_an_inbox_that_was_closed_hears_nothing_and_loses_its_address(
        self, bus: Bus
    ) -> None:
        reader = Reader()
        inbox = await bus.open_inbox("gw.a", (), reader, on_gap=lambda: None)
        address = inbox.address

        await inbox.close()

        with pytest.raises(Unroutable):
            await publish(bus, Outgoing(REPLY, address, "ans.v1", b"", is_mandatory=True))
        assert reader.seen == []

    async def test_two_inboxes_of_one_instance_have_two_addresses(self, bus: Bus) -> None:
        inboxes = [
            await bus.open_inbox("gw.a", (), Reader(), on_gap=lambda: None) for _ in range(2)
        ]

        assert inboxes[0].address != inboxes[1].address

    async def test_a_bus_in_use_is_ready(self, bus: Bus) -> None:
        await bus.consume(ROOM_7, Reader(), prefetch=1)

        assert await bus.is_ready()
