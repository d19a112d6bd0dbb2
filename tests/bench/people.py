"""Registers everybody and lets them join their rooms, over HTTP as people do."""

import asyncio
from collections.abc import Sequence
from typing import Final

import httpx

from hubbub_client.api import Api, Tokens
from tests.bench.crowd import Seat

AT_ONCE: Final = 8
PASSWORD: Final = "correct horse battery staple"


async def gather(url: str, gateway_ports: Sequence[int], *, rooms: int, members: int) -> list[Seat]:
    """Return the seats of all rooms. The members of each spread over all gateways."""
    gate = asyncio.Semaphore(AT_ONCE)
    made = await asyncio.gather(
        *(_room(url, gateway_ports, number, members, gate) for number in range(rooms))
    )
    return [seat for seats in made for seat in seats]


async def _room(
    url: str, gateway_ports: Sequence[int], number: int, members: int, gate: asyncio.Semaphore
) -> list[Seat]:
    async with gate:
        token = await _register(url, f"p{number}x0")
        async with _api(url, token) as api:
            room_id = (await api.create_room(f"Room {number}"))["id"]

    async def seat(member: int) -> Seat:
        async with gate:
            its = token if member == 0 else await _register(url, f"p{number}x{member}")
            if member:
                async with _api(url, its) as api:
                    await api.join(room_id)
        return Seat(its, room_id, gateway_ports[(number + member) % len(gateway_ports)])

    return await asyncio.gather(*(seat(member) for member in range(members)))


async def _register(url: str, name: str) -> str:
    """Return the token of somebody new."""
    async with _api(url) as api:
        return (await api.register(f"{name}@example.org", PASSWORD, name)).access


def _api(url: str, token: str | None = None) -> Api:
    # Without certificates: reading them takes longer than everything else here.
    api = Api(url, transport=httpx.AsyncHTTPTransport(verify=False))
    if token is not None:
        api.tokens = Tokens(token, None, {})
    return api
