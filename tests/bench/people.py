"""Registers everybody and lets them join their rooms, over HTTP as people do."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Final

import httpx

from hubbub_client.api import Api
from tests.bench.crowd import Seat

AT_ONCE: Final = 8
PASSWORD: Final = "correct horse battery staple"


async def gather(url: str, gateway_ports: Sequence[int], *, rooms: int, members: int) -> list[Seat]:
    """Return the seats of all rooms. The members of each spread over all gateways."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one_room(number: int) -> list[Seat]:
        async with gate:
            return await _room(url, gateway_ports, number, members)

    made = await asyncio.gather(*(one_room(number) for number in range(rooms)))
    return [seat for seats in made for seat in seats]


async def _room(url: str, gateway_ports: Sequence[int], number: int, members: int) -> list[Seat]:
    async with AsyncExitStack() as stack:
        people = [await stack.enter_async_context(_api(url)) for _ in range(members)]
        for member, api in enumerate(people):
            name = f"p{number}x{member}"
            await api.register(f"{name}@example.org", PASSWORD, name)
        room = await people[0].create_room(f"Room {number}")
        for api in people[1:]:
            await api.join(room["id"])
        seats = []
        for member, api in enumerate(people):
            assert api.tokens is not None
            port = gateway_ports[(number + member) % len(gateway_ports)]
            seats.append(Seat(api.tokens.access, room["id"], port))
        return seats


def _api(url: str) -> Api:
    # Without certificates: reading them takes longer than everything else here.
    return Api(url, transport=httpx.AsyncHTTPTransport(verify=False))
