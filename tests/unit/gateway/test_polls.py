"""How many polls there may be, and what becomes of those that are too many."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.clock import settle
from tests.unit.gateway.calling import Call, Gateway, World, at, gateway
from tests.unit.gateway.fakes import ALICE, BOB


@pytest.fixture
async def world() -> World:
    world = World()
    await world.open()
    return world


@pytest.fixture
async def there(world: World) -> AsyncIterator[Gateway]:
    async with gateway(
        world,
        polls_held=3,
        polls_per_person=2,
        polls_burst=4,
        drain_window_s=0.4,
        drain_per_s=5,
    ) as running:
        yield running


def refusal(call: Call) -> tuple[int, str]:
    return call.answer.status, call.answer.body["code"]


async def test_one_too_many_of_a_person_has_the_oldest_answered(
    world: World, there: Gateway
) -> None:
    oldest, older = [await there.wait(cursors=at(0)) for _ in range(2)]

    newest = await there.wait(cursors=at(0))

    assert oldest.answer.body == {"events": [], "cursors": at(0), "more": False}
    assert [older.answer.is_whole, newest.answer.is_whole] == [False, False]


async def test_before_its_rooms_are_attached_the_oldest_is_refused(
    world: World, there: Gateway
) -> None:
    world.messages.gates["/internal/attach"] = asyncio.Event()
    oldest = await there.wait(cursors=at(0))

    for _ in range(2):
        await there.wait(cursors=at(0))

    assert refusal(oldest) == (429, "rate_limited")


async def test_polls_of_others_do_not_count(there: Gateway) -> None:
    held = [await there.wait(token=one.name, cursors=at(0)) for one in (ALICE, ALICE, BOB)]

    assert not any(call.answer.is_whole for call in held)


async def test_too_many_in_all_are_refused(there: Gateway) -> None:
    for one in (ALICE, ALICE, BOB):
        await there.wait(token=one.name, cursors=at(0))

    call = await there.wait(token=BOB.name, cursors=at(0))

    assert refusal(call) == (503, "unavailable")
    assert there.counted("arrivals_refused_total", code="unavailable") == 1
    assert int(call.answer.headers["retry-after"]) >= 1


async def test_too_many_in_a_second_are_refused(there: Gateway) -> None:
    for _ in range(4):
        await there.sync(cursors=at(0))

    call = await there.wait(cursors=at(0))

    assert refusal(call) == (429, "rate_limited")
    assert call.answer.body["retry_after_ms"] > 0


async def test_a_body_may_be_so_large(world: World) -> None:
    async with gateway(world, poll_body_bytes=1_024) as there:
        call = await there.wait(cursors=at(0), features=["x" * 1_024])

        assert refusal(call) == (413, "too_large")


@pytest.mark.parametrize(
    "body",
    [
        {"cursors": {"lobby": None}},
        {"cursors": at(-1)},
        {"cursors": {}, "timeout_ms": 25_001},
        {"cursors": {}, "timeout_ms": "1"},
        {"cursors": {}, "greet": 1},
        {"cursors": {}, "room": "lobby"},
        {"cursors": {f"{number:032x}": None for number in range(201)}},
    ],
)
async def test_a_poll_says_exactly_what_it_wants(there: Gateway, body: dict[str, Any]) -> None:
    call = await there.wait(**body)

    assert refusal(call) == (422, "invalid")


async def test_more_rooms_than_a_connection_may_hear_are_refused(world: World) -> None:
    async with gateway(world, rooms_attached=1) as there:
        call = await there.wait(cursors={f"{number:032x}": None for number in range(2)})

        assert refusal(call) == (409, "limit_exceeded")


async def test_a_drain_answers_those_who_wait_by_and_by(world: World, there: Gateway) -> None:
    held = [await there.wait(cursors=at(0)) for _ in range(2)]
    draining = there.drain()
    await settle()

    late = await there.wait(cursors=at(0))
    await world.clock.advance(1)
    await draining

    assert refusal(late) == (503, "draining")
    assert "retry-after" in late.answer.headers
    assert [call.answer.status for call in held] == [200, 200]


async def test_a_drain_does_not_wait_for_the_log(world: World, there: Gateway) -> None:
    world.messages.gates["/internal/attach"] = asyncio.Event()
    call = await there.wait(cursors=at(0))

    draining = there.drain()
    await world.clock.advance(1)
    await draining

    assert refusal(call) == (503, "draining")


async def test_held_polls_are_not_work(there: Gateway) -> None:
    await there.wait(cursors=at(0))

    assert there.counted("polls_count") == 1
    assert there.counted("http_requests_in_flight_count", listener="public") == 0


async def test_how_polls_ended_is_counted(world: World, there: Gateway) -> None:
    await there.sync(cursors=at(0))
    world.messages.is_down = True
    await there.sync(cursors=at(0))

    assert there.counted("polls_ended_total", outcome="answered") == 1
    assert there.counted("polls_ended_total", outcome="unavailable") == 1
