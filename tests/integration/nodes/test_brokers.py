"""The brokers that tests get: a vhost of their own, on a node that they may kill."""

import asyncio

import pytest
from aio_pika.exceptions import ChannelClosed

from services.nodes.rabbitmq.accounts import Rights
from tests.integration.nodes.rabbitmq import publish, take
from tests.support.rabbitmq import Brokers


async def test_what_was_confirmed_survives_a_kill(brokers: Brokers) -> None:
    async with brokers.vhost() as url:
        await publish(url, "notes", "Alice was here")

        await brokers.kill()
        await brokers.start()

        assert await take(url, "notes") == "Alice was here"


async def test_vhosts_never_meet(brokers: Brokers) -> None:
    async with brokers.vhost() as first, brokers.vhost() as second:
        await publish(first, "notes", "Alice was here")
        await publish(second, "notes", "Bob was here")

        assert await take(first, "notes") == "Alice was here"


async def test_a_user_may_do_what_was_said_and_nothing_else(brokers: Brokers) -> None:
    async with brokers.vhost() as url:
        await publish(url, "bob.notes", "Alice was here")
        bob = await brokers.admit(url, Rights(configure="bob[.].*", read="bob[.].*"))

        assert await take(bob, "bob.notes") == "Alice was here"
        with pytest.raises(ChannelClosed, match="ACCESS_REFUSED"):
            await take(bob, "alice.bob.notes")


async def test_an_alarm_stops_publishing_until_it_ends(brokers: Brokers) -> None:
    async with brokers.vhost() as url:
        await publish(url, "notes", "one")
        await brokers.alarm(on=True)

        late = asyncio.create_task(publish(url, "notes", "two"))
        done, _ = await asyncio.wait([late], timeout=0.3)
        assert not done

        await brokers.alarm(on=False)
        async with asyncio.timeout(5):
            await late
