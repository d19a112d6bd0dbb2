"""A stream over HTTP: the frames of a socket, a line each."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from libs.common.contracts.commands import LeaseChange
from libs.common.contracts.facts import SESSION_REVOKED, SessionRevoked
from libs.common.contracts.ids import SessionId
from tests.support.clock import settle
from tests.unit.gateway.calling import Call, Gateway, World, at, gateway
from tests.unit.gateway.fakes import ALICE, LOBBY


@pytest.fixture
async def world() -> World:
    world = World()
    await world.open()
    return world


@pytest.fixture
async def there(world: World) -> AsyncIterator[Gateway]:
    async with gateway(
        world, stream_max_s=2, heartbeat_s=1, backlog_age_s=0.5, backlog_frames=64, drain_window_s=0
    ) as running:
        yield running


def types(call: Call) -> list[str]:
    return [frame["type"] for frame in call.answer.lines]


def data(frame: dict[str, Any]) -> Any:
    return frame["data"]


async def test_a_stream_begins_like_a_socket(world: World, there: Gateway) -> None:
    await world.say(2)

    call = await there.stream(cursors=at(1))

    assert types(call) == ["hello", "ready", "message", "resumed"]
    assert call.answer.headers["content-type"] == "application/x-ndjson"
    assert call.answer.headers["cache-control"] == "no-store, no-transform"
    assert not call.answer.is_whole


async def test_a_line_is_the_event_as_it_is(world: World, there: Gateway) -> None:
    call = await there.stream(cursors=at(0))

    await world.say(3)
    await settle()

    events = [event.frame for event in world.messages.log().events]
    assert call.answer.raw.splitlines()[-3:] == events


async def test_a_long_replay_comes_whole_and_in_order(world: World, there: Gateway) -> None:
    await world.say(300)

    call = await there.stream(cursors=at(0))
    await settle(100)

    seqs = [frame["seq"] for frame in call.answer.lines if "seq" in frame]
    assert seqs == list(range(1, 301))
    assert types(call)[-1] == "resumed"


async def test_a_silent_stream_shows_that_it_lives(world: World, there: Gateway) -> None:
    call = await there.stream(cursors=at(0))

    await world.clock.advance(1.3)

    assert types(call)[-1] == "pong"


async def test_a_stream_ends_in_time(world: World, there: Gateway) -> None:
    call = await there.stream(cursors=at(0))

    await world.clock.advance(3.2)

    assert call.answer.is_whole
    [last] = [frame for frame in call.answer.lines if frame["type"] == "reconnect"]
    assert data(last) == {"reason": "rebalance", "after_ms": 0}
    assert there.counted("polls_count") == 0


async def test_a_drain_sends_streams_away(world: World, there: Gateway) -> None:
    call = await there.stream(cursors=at(0))

    draining = there.drain()
    await world.clock.advance(2)
    await draining

    assert "reconnect" in types(call)
    assert call.answer.is_whole


async def test_the_end_of_a_session_is_the_last_line(world: World, there: Gateway) -> None:
    call = await there.stream(cursors=at(0))

    revoked = SessionRevoked(SessionId(ALICE.id), ALICE.id, until=2e9, reason="logout")
    await world.announce(SESSION_REVOKED, revoked)

    assert call.answer.is_whole
    assert data(call.answer.lines[-1])["code"] == "session_revoked"


async def test_a_stream_does_not_outlast_its_token(world: World, there: Gateway) -> None:
    there.door.lives_s = 0.5
    call = await there.stream(cursors=at(0))

    await world.clock.advance(1.6)

    assert call.answer.is_whole
    assert data(call.answer.lines[-1])["code"] == "token_expired"


async def test_one_stream_too_many_ends_the_oldest(world: World) -> None:
    async with gateway(world, polls_per_person=1) as there:
        oldest = await there.stream(cursors=at(0))

        newest = await there.stream(cursors=at(0))

        assert data(oldest.answer.lines[-1])["code"] == "rate_limited"
        assert [oldest.answer.is_whole, newest.answer.is_whole] == [True, False]


async def test_who_reads_nothing_for_long_is_cut(world: World, there: Gateway) -> None:
    call = await there.stream(cursors=at(0))
    call.takes.clear()
    await world.say()
    await settle()

    await world.clock.advance(1.6)
    await call.task

    assert call.gone.is_set()
    assert there.counted("backlogs_dropped_total") == 1
    assert there.counted("rooms_count") == 0


async def test_who_reads_too_slowly_is_cut_at_the_bound(world: World, there: Gateway) -> None:
    call = await there.stream(cursors=at(0))
    call.takes.clear()

    for _ in range(70):
        await world.say()
        await settle(3)
    await call.task

    assert call.gone.is_set()
    assert there.counted("backlogs_dropped_total") == 1


async def test_a_client_that_goes_away_costs_nothing_more(world: World, there: Gateway) -> None:
    call = await there.stream(cursors=at(0))
    assert there.counted("polls_count") == 1

    call.cut()
    await call.task

    assert there.counted("polls_count") == 0
    assert there.counted("rooms_count") == 0
    assert there.counted("backlogs_dropped_total") == 0


async def test_before_the_first_line_a_stream_is_refused_like_anything(
    world: World, there: Gateway
) -> None:
    world.messages.is_down = True

    call = await there.stream(cursors=at(0))

    assert call.answer.status == 503
    assert call.answer.body["code"] == "unavailable"
    assert "retry-after" in call.answer.headers


async def test_a_stream_renews_the_lease_of_all_polls_and_never_ends_it(
    world: World,
) -> None:
    async with gateway(world, lease_renew_s=0.5) as there:
        call = await there.stream(cursors=at(0))
        await world.clock.advance(2)
        call.cut()
        await call.task

    leases = [lease for _, lease in world.leases]
    assert len(leases) >= 2
    assert {lease.change for lease in leases} == {LeaseChange.RENEWED}
    assert {lease.connection for lease in leases} == {f"poll-{ALICE.id}"}
    assert leases[-1].rooms == (LOBBY,)


async def test_a_stream_that_is_too_long_for_its_outbox_waits_for_the_client(
    world: World, there: Gateway
) -> None:
    await world.say(300)
    call = there.ask("/v1/stream", cursors=at(0))
    await settle(2)
    call.takes.clear()
    await settle(50)

    call.takes.set()
    await settle(100)

    seqs = [frame["seq"] for frame in call.answer.lines if "seq" in frame]
    assert seqs == list(range(1, 301))
