"""People of the demo keep their sessions, and mention each other as the protocol does."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from libs.common.contracts.commands import Payload, PostMessage
from libs.common.contracts.ids import RoomId
from libs.common.contracts.people import Person
from services.demo.cast import Cast
from services.demo.moments import Moment
from services.demo.people import Figure
from services.demo.stage import Stage
from tests.support.clock import SetClock

ALICE_ID = UUID(int=0xA11CE)
TEA = RoomId(UUID(int=0x7EA))
BEFORE = Moment(1, 0)
ALICE = Figure("alice", "Alice", "en", BEFORE, BEFORE, is_machine=False)
SIGNED_IN = {"access_token": "a", "refresh_token": "r", "user": {"id": str(ALICE_ID)}}


class Hubbub:
    """Answers as the public app does, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.bodies: list[Any] = []
        self.wished: list[tuple[Person, RoomId, Payload, str | None]] = []
        self.has_session = True
        app = Starlette(routes=[Route("/{path:path}", self._answer, methods=["GET", "POST"])])
        self.stage = Stage(app, self)

    async def send(
        self, person: Person, room_id: RoomId, payload: Payload, *, key: str | None
    ) -> dict[str, Any]:
        self.wished.append((person, room_id, payload, key))
        return {"seq": 1}

    async def _answer(self, request: Request) -> JSONResponse:
        path = request.url.path
        self.asked.append(path)
        self.bodies.append(await request.json() if await request.body() else None)
        if path == "/v1/auth/refresh" and not self.has_session:
            return JSONResponse({"code": "unauthorized"}, status_code=401)
        return JSONResponse(SIGNED_IN)


@pytest_asyncio.fixture
async def opened() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def arrived(hubbub: Hubbub, clock: SetClock, opened: AsyncExitStack) -> Cast:
    cast = Cast(hubbub.stage, clock, opened)
    await cast.arrive(ALICE, owner_token=None)
    hubbub.asked.clear()
    return cast


async def test_the_first_to_arrive_uses_the_owners_link(opened: AsyncExitStack) -> None:
    hubbub = Hubbub()

    await Cast(hubbub.stage, SetClock(), opened).arrive(ALICE, owner_token="once")

    assert hubbub.asked == ["/v1/auth/register"]
    assert hubbub.bodies[0]["owner_token"] == "once"


async def test_a_fresh_token_is_used_as_it_is(opened: AsyncExitStack) -> None:
    hubbub, clock = Hubbub(), SetClock()
    cast = await arrived(hubbub, clock, opened)
    await clock.advance(49.0)

    await cast.call("alice", "GET", "/v1/me")

    assert hubbub.asked == ["/v1/me"]


async def test_an_old_token_is_renewed_first(opened: AsyncExitStack) -> None:
    hubbub, clock = Hubbub(), SetClock()
    cast = await arrived(hubbub, clock, opened)
    await clock.advance(51.0)

    await cast.call("alice", "GET", "/v1/me")

    assert hubbub.asked == ["/v1/auth/refresh", "/v1/me"]


async def test_who_was_away_for_long_logs_in_again(opened: AsyncExitStack) -> None:
    hubbub, clock = Hubbub(), SetClock()
    cast = await arrived(hubbub, clock, opened)
    hubbub.has_session = False
    await clock.advance(1_000_000.0)

    await cast.call("alice", "GET", "/v1/me")

    assert hubbub.asked == ["/v1/auth/refresh", "/v1/auth/login", "/v1/me"]


async def test_commands_go_out_in_the_name_of_whoever_wishes(opened: AsyncExitStack) -> None:
    hubbub = Hubbub()
    cast = await arrived(hubbub, SetClock(), opened)

    await cast.wish("alice", TEA, PostMessage("Hello"), command_id="demo-tea-0")

    ((person, room_id, payload, key),) = hubbub.wished
    assert (person.id, person.name) == (ALICE_ID, "Alice")
    assert (room_id, payload, key) == (TEA, PostMessage("Hello"), "demo-tea-0")


async def test_a_mention_becomes_that_of_the_protocol(opened: AsyncExitStack) -> None:
    cast = await arrived(Hubbub(), SetClock(), opened)

    assert cast.spelled("@alice, tea?") == f"<@{ALICE_ID}>, tea?"


async def test_other_words_with_an_at_stay_as_they_are(opened: AsyncExitStack) -> None:
    cast = await arrived(Hubbub(), SetClock(), opened)

    assert cast.spelled("write to me@home or @nobody") == "write to me@home or @nobody"
