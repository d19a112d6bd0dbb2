"""The Python client through networks of all kinds, over sockets and over polls.

Whatever the network does, each message is heard once and in order: as the history has them.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Final

import pytest

from hubbub_client.client import Client
from hubbub_client.ways import Patience, Way
from tests.support.proxies.behaviours import (
    Behaviour,
    buffering,
    cutting,
    passing,
    stripping,
    swallowing,
)
from tests.support.proxies.listening import Proxy
from tests.support.shapes import Shape
from tests.support.waiting import until
from tests.system.people import Person

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.usefixtures("unharmed")]

POLITE: Final = Patience(failed_upgrades=1, socket_again_s=300, open_timeout_s=1.0)
"""Gives up sockets at once, and never tries another while a test lasts."""

RESTLESS: Final = Patience(failed_upgrades=1, socket_again_s=0.2, open_timeout_s=1.0)

PAUSE_S: Final = 0.1
"""Between two messages: of what is missed in some seconds nothing is too much to be replayed."""

POLL: Final = "POST /v1/sync"


class Listener:
    """Somebody with a client in one room, who notes each message that is heard."""

    def __init__(self, client: Client, room: str) -> None:
        self.client = client
        self.room = room
        self.heard: list[tuple[int, str]] = []
        self.has_ended = False

    async def listen(self) -> None:
        async for event in self.client.events():
            assert event.type != "gap"
            if event.type == "message" and event.seq is not None:
                self.heard.append((event.seq, event.data["content"]))
        self.has_ended = True

    async def say(self, content: str) -> int:
        return (await self.client.send(self.room, content)).seq

    async def hears(self, seq: int) -> None:
        """Return once that message has come."""
        await until(lambda: bool(self.heard) and self.heard[-1][0] >= seq)

    async def goes(self, way: Way) -> None:
        await until(lambda: self.client.way is way)


@asynccontextmanager
async def listening(
    person: Person, proxy: Proxy, room: str, patience: Patience
) -> AsyncIterator[Listener]:
    """Yield who has joined a room through a proxy."""

    async def give_token() -> str:
        return person.token

    async with Client(proxy.socket_url, give_token, patience=patience) as client:
        one = Listener(client, room)
        listening = asyncio.create_task(one.listen())
        await client.join(room)
        yield one
    await listening


async def written(person: Person, room: str) -> list[tuple[int, str]]:
    return [(one["seq"], one["content"]) for one in await person.history(room, limit=100)]


@asynccontextmanager
async def talk(alice: Person, bobs: Listener) -> AsyncIterator[None]:
    """Let both write one message after the other; at the end Bob has heard the last of them."""
    stop = asyncio.Event()

    async def alice_says(content: str) -> int:
        return int((await alice.write(bobs.room, content))["seq"])

    async def talks(say: Callable[[str], Awaitable[int]]) -> int:
        for at in count():
            seq = await say(f"{at}")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), PAUSE_S)
                return seq
        raise AssertionError

    async with asyncio.TaskGroup() as group:
        talking = [group.create_task(talks(say)) for say in (alice_says, bobs.say)]
        yield
        stop.set()
    await bobs.hears(max(task.result() for task in talking))


@pytest.mark.parametrize("behaviour", [stripping, buffering, swallowing])
async def test_where_no_socket_gets_through_one_polls(
    program: Shape, alice: Person, bob: Person, room: str, behaviour: Behaviour
) -> None:
    async with Proxy(program.port, behaviour) as proxy:
        async with listening(bob, proxy, room, POLITE) as bobs:
            await alice.write(room, "Before")
            await bobs.say("Polled")
            bobs.client.cut()
            await alice.write(room, "Meanwhile")
            await bobs.say("Back")
            last = await alice.write(room, "After")
            await bobs.hears(last["seq"])

            assert bobs.client.way is Way.POLLS
        assert bobs.heard == await written(alice, room)
        assert proxy.asked(POLL) > 0


@pytest.mark.parametrize("behaviour", [passing, stripping])
async def test_a_network_that_cuts_every_connection_costs_nothing_but_time(
    program: Shape, alice: Person, bob: Person, room: str, behaviour: Behaviour
) -> None:
    async with (
        Proxy(program.port, cutting(0.3, behaviour)) as proxy,
        listening(bob, proxy, room, POLITE) as bobs,
    ):
        await until(lambda: proxy.cut_count > 0)
        await alice.write(room, "Meanwhile")
        await bobs.say("Back")
        last = await alice.write(room, "After")
        await bobs.hears(last["seq"])

        assert bobs.heard == await written(alice, room)


async def test_one_goes_over_to_polls_and_back_in_the_middle_of_a_talk(
    program: Shape, alice: Person, bob: Person, room: str
) -> None:
    async with (
        Proxy(program.port, passing) as proxy,
        listening(bob, proxy, room, RESTLESS) as bobs,
        talk(alice, bobs),
    ):
        await bobs.goes(Way.SOCKET)
        proxy.behaviour = stripping
        proxy.cut()
        await bobs.goes(Way.POLLS)
        proxy.behaviour = passing
        await bobs.goes(Way.SOCKET)
        proxy.behaviour = buffering
        proxy.cut()
        await bobs.goes(Way.POLLS)
    assert bobs.heard == await written(alice, room)


async def test_a_session_that_ends_while_it_polls_is_over(
    program: Shape, bob: Person, room: str
) -> None:
    async with (
        Proxy(program.port, stripping) as proxy,
        bob.on_another_device() as phone,
        listening(phone, proxy, room, POLITE) as listener,
    ):
        await phone.call("POST", "/v1/auth/logout")

        await until(lambda: listener.has_ended)
