"""Nobody sees that somebody is invisible: it looks like having left, in every frame and number."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import pytest

from libs.common.contracts.commands import LeaseChange
from services.presence.model import Choice, Chosen
from tests.unit.presence.house import ALICE, BOB, KITCHEN, LOBBY, SETTINGS, House

OPENED, CLOSED, RENEWED = LeaseChange.OPENED, LeaseChange.CLOSED, LeaseChange.RENEWED

Deed = Callable[[House], Awaitable[None]]

STEP_S: Final = 2.5
LONG_S: Final = SETTINGS.lease_s + 15


async def leave(house: House) -> None:
    await house.report(ALICE, CLOSED)
    await pass_time(house, SETTINGS.close_grace_s)


async def stop_renewing(house: House) -> None:
    for _ in range(3):
        await pass_time(house, 20, renewing=False)


async def hide(house: House) -> None:
    await house.choose(ALICE, Chosen.INVISIBLE)


async def hide_and_leave(house: House) -> None:
    await hide(house)
    await leave(house)


async def hide_and_go_on(house: House) -> None:
    """Be invisible and busy: another device, another room, a new text, and gone in the end."""
    await hide(house)
    await house.report(ALICE, OPENED, LOBBY, device="laptop")
    await pass_time(house, 20)
    await house.report(ALICE, RENEWED, LOBBY, KITCHEN, device="laptop")
    await house.choose(ALICE, Chosen.INVISIBLE, "do not tell")
    await pass_time(house, 20)
    await leave(house)
    await house.report(ALICE, CLOSED, device="laptop")


async def pass_time(house: House, duration_s: float, *, renewing: bool = True) -> None:
    """Let leases that ran out end and windows go by, while Bob renews his lease."""
    for _ in range(round(duration_s / STEP_S) + 1):
        await house.clock.advance(STEP_S)
        await house.report(BOB, RENEWED, LOBBY, KITCHEN)
        await house.tell(house.roster.expire(house.clock.now()))


def without_numbers(frames: Sequence[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Return frames with the kind of every time and rev instead of its value."""

    def kind(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: type(one).__name__ if key in {"ts", "rev", "last_seen"} else kind(one)
                for key, one in value.items()
            }
        return [kind(one) for one in value] if isinstance(value, list) else value

    return [(room_id, kind(frame)) for room_id, frame in frames]


async def seen_of(deed: Deed) -> tuple[Any, ...]:
    """Return all that Bob can see of Alice who was there, from a deed on until long after."""
    house = House()
    await house.open()
    house.roster.is_whole = True
    await house.report(BOB, OPENED, LOBBY, KITCHEN)
    await house.report(ALICE, OPENED, LOBBY)
    await pass_time(house, 2)
    house.frames()

    await deed(house)
    await pass_time(house, LONG_S)
    house.telling.show([LOBBY, KITCHEN])
    await pass_time(house, 2)

    look = house.roster.look_of(ALICE, house.clock.now())
    lists = [list(house.roster.online_in(room)) for room in (LOBBY, KITCHEN)]
    return without_numbers(house.frames()), look, lists, house.roster.count_in(LOBBY)


@pytest.mark.parametrize("deed", [stop_renewing, hide_and_leave, hide_and_go_on])
async def test_every_way_to_be_gone_is_seen_as_the_same(deed: Deed) -> None:
    assert await seen_of(deed) == await seen_of(leave)


async def test_who_is_invisible_and_there_is_seen_as_somebody_who_left() -> None:
    async def hide_and_stay(house: House) -> None:
        await hide(house)
        for _ in range(10):
            await pass_time(house, 10)
            await house.report(ALICE, RENEWED, LOBBY, KITCHEN)

    async def leave_for_as_long(house: House) -> None:
        await leave(house)
        await pass_time(house, 100)

    assert await seen_of(hide_and_stay) == await seen_of(leave_for_as_long)


async def test_the_time_they_were_last_seen_stands_still(house: House) -> None:
    await house.report(ALICE, OPENED, LOBBY)
    [hidden] = house.roster.choose(choice(Chosen.INVISIBLE), house.clock.now())
    assert hidden.last_seen == house.clock.now()

    for _ in range(5):
        await house.clock.advance(20)
        assert house.roster.choose(choice(Chosen.INVISIBLE), house.clock.now()) == []
    assert house.roster.expire(house.clock.now() + LONG_S) == []


async def test_coming_invisible_tells_nothing(house: House) -> None:
    await house.choose(ALICE, Chosen.INVISIBLE)

    await house.report(ALICE, OPENED)
    await house.report(ALICE, RENEWED, LOBBY)
    await house.report(ALICE, OPENED, LOBBY, KITCHEN, device="laptop")
    await pass_time(house, 10)

    assert "online" in repr(frames := house.frames()), "of Bob"
    assert str(ALICE) not in repr(frames)


async def test_the_invisible_do_not_make_a_room_large(house: House) -> None:
    await house.choose(ALICE, Chosen.INVISIBLE)
    await house.report(ALICE, OPENED, LOBBY)

    assert house.roster.count_in(LOBBY) == 0


async def test_whoever_shows_again_is_simply_back(house: House) -> None:
    await house.report(ALICE, OPENED, LOBBY)
    await house.choose(ALICE, Chosen.INVISIBLE)
    await house.clock.advance(5)
    await house.tell([])
    await house.clock.advance(5)
    house.frames()

    await house.choose(ALICE, Chosen.ONLINE)

    [(_, frame)] = house.frames()
    assert (frame["data"]["state"], "last_seen" in frame["data"]) == ("online", False)


async def test_before_the_roster_is_whole_they_are_as_unknown_as_others(house: House) -> None:
    house.roster.is_whole = False
    await house.choose(ALICE, Chosen.INVISIBLE)
    await house.report(ALICE, RENEWED, LOBBY)

    assert house.roster.look_of(ALICE, house.clock.now()) is None
    assert house.roster.look_of(BOB, house.clock.now()) is None
    assert house.frames() == []


def choice(chosen: Chosen) -> Choice:
    return Choice(ALICE, chosen)
