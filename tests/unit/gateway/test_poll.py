"""One poll: what it is answered with, and when."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from libs.common.contracts.commands import LeaseChange
from libs.common.contracts.events import Personal, Signal
from libs.common.contracts.facts import (
    SESSION_REVOKED,
    USER_DISABLED,
    Fact,
    SessionRevoked,
    UserChanged,
)
from libs.common.contracts.ids import ConnectionId, SessionId
from libs.common.contracts.people import PersonKind, SystemRole
from tests.support.clock import settle
from tests.unit.gateway.calling import Gateway, World, at, gateway
from tests.unit.gateway.fakes import (
    ALICE,
    ATTIC,
    BOB,
    LOBBY,
)

FROM_NOW = {str(LOBBY): None}

REVOKED = SessionRevoked(SessionId(ALICE.id), ALICE.id, until=2e9, reason="logout")
DISABLED = UserChanged(
    ALICE.id, PersonKind.USER, "Alice", SystemRole.MEMBER, is_disabled=True, version=2
)


@pytest.fixture
async def world() -> World:
    world = World()
    await world.open()
    return world


@pytest.fixture
async def there(world: World) -> AsyncIterator[Gateway]:
    async with gateway(world) as running:
        yield running


async def test_what_was_missed_is_answered_at_once(world: World, there: Gateway) -> None:
    await world.say(3)

    call = await there.wait(cursors=at(1))

    assert call.answer.seqs == [2, 3]
    assert call.answer.body["cursors"] == at(3)
    assert call.answer.body["more"] is False


async def test_an_event_ends_the_wait(world: World, there: Gateway) -> None:
    call = await there.wait(cursors=at(0))
    assert not call.answer.is_whole

    await world.say(2)
    await settle()

    assert call.answer.seqs == [1, 2]
    assert call.answer.body["cursors"] == at(2)


async def test_what_comes_in_the_same_turn_is_answered_together(
    world: World, there: Gateway
) -> None:
    call = await there.wait(cursors=at(0))

    there.way.is_slow = True
    await world.say(5)
    there.way.catch_up()
    await settle()

    assert call.answer.seqs == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(("asked_ms", "longest_s", "held_s"), [(300, 25, 0.3), (900, 0.5, 0.5)])
async def test_nothing_is_said_after_the_time(
    world: World, asked_ms: int, longest_s: float, held_s: float
) -> None:
    async with gateway(world, poll_max_s=longest_s) as there:
        call = await there.wait(cursors=at(0), timeout_ms=asked_ms)

        await world.clock.advance(held_s - 0.01)
        assert not call.answer.is_whole
        await world.clock.advance(0.02)

        assert call.answer.body == {"events": [], "cursors": at(0), "more": False}


async def test_a_poll_does_not_outlast_its_token(world: World, there: Gateway) -> None:
    there.door.lives_s = 0.4
    call = await there.wait(cursors=at(0))

    await world.clock.advance(0.4)

    assert call.answer.status == 200
    assert call.answer.body["events"] == []


async def test_with_a_token_that_has_expired_it_is_refused(there: Gateway) -> None:
    there.door.lives_s = -1.0

    call = await there.wait(cursors=at(0))

    assert (call.answer.status, call.answer.code) == (401, "token_expired")


async def test_a_first_cursor_is_the_head_and_comes_at_once(world: World, there: Gateway) -> None:
    await world.say(3)

    call = await there.wait(cursors=FROM_NOW)

    assert call.answer.seqs == []
    assert call.answer.body["cursors"] == at(3)


async def test_an_event_during_the_first_poll_is_in_it_or_in_the_next(
    world: World, there: Gateway
) -> None:
    world.messages.gates["/internal/attach"] = asyncio.Event()
    call = await there.wait(cursors=FROM_NOW)
    there.way.is_slow = True
    await world.say(2)
    world.messages.gates["/internal/attach"].set()
    await settle()
    there.way.catch_up()
    await settle()

    following = await there.sync(cursors=call.answer.body["cursors"])

    first = call.answer.body["cursors"][str(LOBBY)]["seq"]
    assert call.answer.seqs == []
    assert [frame["seq"] for frame in following.body["events"]] == list(range(first + 1, 3))


async def test_a_greeting_is_what_a_socket_begins_with(there: Gateway) -> None:
    answer = await there.sync(cursors={}, greet=True)

    assert answer.body["hello"]["limits"]["frame_bytes"] == 64 * 1024
    assert answer.body["ready"]["person"]["name"] == "Alice"
    assert [room["room_id"] for room in answer.body["ready"]["rooms"]] == [str(LOBBY)]


async def test_a_poll_asks_no_more_than_a_resume(world: World, there: Gateway) -> None:
    world.messages.log(ATTIC)
    await there.sync(cursors=at(0) | at(0, ATTIC))

    assert [path for path, _ in world.messages.calls] == ["/internal/attach"]
    assert world.presence.calls == []


async def test_a_poll_of_no_room_hears_what_concerns_the_person(
    world: World, there: Gateway
) -> None:
    call = await there.wait(cursors={})

    await world.tell(Personal(ALICE.id, "room_added", b'{"type":"room_added"}', ATTIC))
    await settle()

    assert call.answer.body["events"] == [{"type": "room_added"}]


async def test_typing_is_something_to_say(world: World, there: Gateway) -> None:
    call = await there.wait(cursors=at(0))

    await world.signal(Signal(LOBBY, "typing", BOB.id, b'{"type":"typing"}', ConnectionId("c-9")))
    await settle()

    assert call.answer.body["events"] == [{"type": "typing"}]
    assert call.answer.body["cursors"] == at(0)


@pytest.mark.parametrize(
    ("key", "fact"),
    [(SESSION_REVOKED, REVOKED), (USER_DISABLED, DISABLED)],
    ids=["out", "disabled"],
)
async def test_the_end_of_a_session_ends_its_poll(
    world: World, there: Gateway, key: str, fact: Fact
) -> None:
    call = await there.wait(cursors=at(0))
    others = await there.wait(token=BOB.name, cursors=at(0))

    await world.announce(key, fact)

    assert (call.answer.status, call.answer.code) == (401, "session_revoked")
    assert not others.answer.is_whole


async def test_a_session_that_ended_while_the_body_came_is_not_let_in(
    world: World, there: Gateway
) -> None:
    call = there.ask("/v1/sync", cursors=at(0))
    call.says.clear()
    await settle()
    await world.announce(SESSION_REVOKED, REVOKED)

    call.says.set()
    await call.task

    assert (call.answer.status, call.answer.code) == (401, "session_revoked")


async def test_a_client_that_goes_away_costs_nothing_more(world: World, there: Gateway) -> None:
    call = await there.wait(cursors=at(0))
    assert there.counted("polls_count") == 1
    assert there.counted("rooms_count") == 1

    call.cut()
    await call.task

    assert there.counted("polls_count") == 0
    assert there.counted("rooms_count") == 0
    assert there.counted("polls_ended_total", outcome="gone") == 1


async def test_each_poll_reports_the_same_connection_and_none_ends_it(
    world: World, there: Gateway
) -> None:
    async with gateway(world, name="two") as elsewhere:
        for one in (there, elsewhere):
            await one.sync(cursors=at(0))
            await settle()

    connection = f"poll-{SessionId(ALICE.id)}"
    assert [(who, lease.change, lease.connection) for who, lease in world.leases] == [
        ("Alice", LeaseChange.RENEWED, connection)
    ] * 2
    assert [lease.gateway for _, lease in world.leases] == ["gateway.one", "gateway.two"]
    assert {lease.rooms for _, lease in world.leases} == {(LOBBY,)}


async def test_answers_are_to_be_kept_and_changed_by_nobody(there: Gateway) -> None:
    answer = await there.sync(cursors=at(0))

    assert answer.headers["cache-control"] == "no-store, no-transform"
    assert answer.headers["x-accel-buffering"] == "no"
