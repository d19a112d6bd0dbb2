"""Somebody is let into a room and removed from it before the way in is at its end."""

import asyncio
from typing import Any

import pytest

from services.gateway.hub.joining import HELD_EVENTS
from tests.support.clock import settle
from tests.unit.gateway.fakes import ALICE, BOB
from tests.unit.gateway.listening import FakeClient
from tests.unit.gateway.staging import Stage, stage_with

HEAD = 3

REMOVED: dict[str, Any] = {"detach": str(BOB.id), "reason": "removed"}


async def a_room_in_use(**knobs: Any) -> Stage:
    """Return a room that Alice listens to, so the hub is up to date."""
    stage = stage_with(**knobs)
    stage.messages.log().fill(HEAD)
    await stage.join(FakeClient(ALICE, name="c-2"))
    return stage


async def let_in(stage: Stage, bob: FakeClient, *, at: int | None = None) -> asyncio.Task[None]:
    """Let the log say that Bob may come in, and presence nothing yet."""
    stage.presence.gate = asyncio.Event()
    joining = stage.begin(bob, at=at)
    await settle()
    return joining


async def arrive(stage: Stage, bob: FakeClient, joining: asyncio.Task[None]) -> list[Any]:
    """Return all that Bob is sent when the way in goes on."""
    assert stage.presence.gate is not None
    stage.presence.gate.set()
    await joining
    stage.say()
    return [*bob.sent, *bob.heard()]


@pytest.mark.parametrize(
    ("at", "whole"),
    [
        (None, ["room_joined", HEAD + 1, HEAD + 2, "room_left"]),
        (HEAD, ["room_joined", HEAD + 1, HEAD + 2, "room_left"]),
        (HEAD - 1, [HEAD, HEAD + 1, HEAD + 2, "room_left", "error"]),
    ],
)
async def test_who_was_removed_meanwhile_hears_so_and_nothing_behind_it(
    at: int | None, whole: list[Any]
) -> None:
    stage, bob = await a_room_in_use(), FakeClient(BOB)
    joining = await let_in(stage, bob, at=at)
    stage.say()
    stage.say(**REMOVED)
    stage.say(2)

    heard = await arrive(stage, bob, joining)

    assert heard == whole


async def test_a_removal_among_more_than_can_be_held_counts() -> None:
    stage, bob = await a_room_in_use(), FakeClient(BOB)
    joining = await let_in(stage, bob)
    stage.say(**REMOVED)
    stage.say(HELD_EVENTS)

    heard = await arrive(stage, bob, joining)

    assert heard == [HEAD + 1, "room_left", "error"]


async def test_a_removal_behind_a_gap_counts() -> None:
    stage, bob = await a_room_in_use(replay_events_per_room=1), FakeClient(BOB)
    joining = await let_in(stage, bob, at=0)
    stage.say(**REMOVED)
    stage.say(2)

    heard = await arrive(stage, bob, joining)

    assert heard == ["gap", "room_joined", HEAD + 1, "room_left"]


async def test_a_cursor_from_the_future_hides_no_removal() -> None:
    stage, bob = await a_room_in_use(), FakeClient(BOB)
    joining = await let_in(stage, bob, at=HEAD + 2)
    stage.say()
    stage.say(**REMOVED)
    stage.say()

    heard = await arrive(stage, bob, joining)

    assert heard == ["gap", "room_joined", HEAD + 1, HEAD + 2, "room_left"]


async def test_who_was_removed_while_a_second_join_failed_is_out() -> None:
    stage, bob = await a_room_in_use(), FakeClient(BOB)
    await stage.join(bob)
    stage.messages.gates["/internal/attach"] = asyncio.Event()
    joining = stage.begin(bob)
    await settle()
    stage.say(**REMOVED)
    stage.say(HELD_EVENTS)

    stage.messages.is_down = True
    stage.messages.gates["/internal/attach"].set()
    await joining
    stage.say()

    heard = bob.heard()
    assert "room_left" in heard
    assert HEAD + HELD_EVENTS + 2 not in heard
