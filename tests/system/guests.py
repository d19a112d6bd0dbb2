"""People without an account: how they come in, and how they are shut out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from hubbub_client.api import Api
from hubbub_client.frames import Json
from tests.support.shapes import Shape
from tests.system.people import Person, anonymous
from tests.system.wire import Wire

CUT_WITHIN_S: Final = 10.0
"""On a busy machine; on an idle one it is a moment."""


@asynccontextmanager
async def guest_of(program: Shape, room: Json, alias: str, **more: str) -> AsyncIterator[Person]:
    """Let somebody come in by the link."""
    async with Api(program.url) as api, anonymous(program.url) as http:
        await api.come_in(room["slug"], alias, **more)
        yield Person(api, http, program.socket_url, email="")


async def assert_cut(*wires: Wire) -> None:
    async with asyncio.timeout(CUT_WITHIN_S):
        for one in wires:
            assert await one.closed() == (4401, "revoked")
