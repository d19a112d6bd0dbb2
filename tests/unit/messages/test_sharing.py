"""Instances that share the shards of one bus, while some come and some go."""

from collections.abc import AsyncIterator

import pytest

from tests.unit.messages.sharers import LONG_S, SETTINGS, House


@pytest.fixture
async def house() -> AsyncIterator[House]:
    house = House()
    yield house
    await house.close()


async def test_an_instance_without_others_serves_every_shard_at_once(house: House) -> None:
    alone = await house.enter()

    await house.say("abcd")

    assert sorted(alone.obeyed) == list("abcd")


async def test_the_next_one_is_handed_its_half_once_it_has_stayed(house: House) -> None:
    first, second = await house.enter(), await house.enter()
    await house.say("abcd")
    await house.clock.advance(SETTINGS.settle_s - SETTINGS.look_s)
    await house.say("efgh")
    assert second.obeyed == []

    await house.clock.advance(2 * SETTINGS.look_s)
    await house.say("ijkl")

    assert first.obeyed[8:] == ["i", "k"]
    assert second.obeyed == ["j", "l"]


async def test_three_share_as_well(house: House) -> None:
    three = [await house.enter() for _ in range(3)]
    await house.say("abcd")
    await house.clock.advance(LONG_S)
    # Who stood by first is handed a shard first, and hands it on.
    await house.say("efgh")
    await house.clock.advance(LONG_S)
    before = [len(one.obeyed) for one in three]

    await house.say("ijkl")

    told = [one.obeyed[count:] for one, count in zip(three, before, strict=True)]
    assert told == [["i", "l"], ["j"], ["k"]]


async def test_a_shard_that_nobody_wrote_to_moves_after_its_first_command(house: House) -> None:
    first, second = await house.enter(), await house.enter()
    await house.clock.advance(LONG_S)

    await house.say("abcd")
    await house.clock.advance(SETTINGS.look_s)
    await house.say("efgh")

    assert sorted(first.obeyed) == ["a", "b", "c", "d", "e", "g"]
    assert second.obeyed == ["f", "h"]


async def test_a_standby_goes_on_at_once_when_another_instance_goes(house: House) -> None:
    first = await house.enter()
    async with house.instance() as second:
        await house.say("abcd")
        await house.clock.advance(LONG_S)
        await house.say("efgh")
        assert second.obeyed == ["f", "h"]

    await house.say("ijkl")

    assert sorted(first.obeyed[-4:]) == list("ijkl")


async def test_who_comes_back_soon_is_handed_what_it_had(house: House) -> None:
    first = await house.enter()
    async with house.instance():
        await house.say("abcd")
        await house.clock.advance(LONG_S)
    await house.say("efgh")
    await house.clock.advance(1)

    again = await house.enter()
    await house.clock.advance(SETTINGS.look_s)
    await house.say("ijkl")

    assert again.obeyed == ["j", "l"]
    assert first.obeyed[-2:] == ["i", "k"]


async def test_nothing_is_handed_to_an_owner_who_is_gone(house: House) -> None:
    first = await house.enter()
    async with house.instance():
        await house.clock.advance(LONG_S)
    await house.say("abcd")

    await house.clock.advance(2)

    assert sorted(first.intakes.serving) == [0, 1, 2, 3]


async def test_without_a_claim_an_instance_stands_by_and_serves_what_nobody_does(
    house: House,
) -> None:
    house.registry.is_away = True
    unclaimed = await house.enter()
    await house.say("abcd")
    assert unclaimed.obeyed == []

    await house.clock.advance(SETTINGS.standby_s)
    assert sorted(unclaimed.obeyed) == list("abcd")

    house.registry.is_away = False
    await house.clock.advance(SETTINGS.look_s)
    assert house.registry.live == {0}


async def test_a_claim_that_cannot_be_renewed_changes_nothing(house: House) -> None:
    first, second = await house.enter(), await house.enter()
    await house.say("abcd")
    await house.clock.advance(LONG_S)

    house.registry.is_away = True
    await house.clock.advance(LONG_S)
    await house.say("efgh")

    assert (first.obeyed[4:], second.obeyed) == (["e", "g"], ["f", "h"])


async def test_a_hand_over_waits_for_what_is_in_hand(house: House) -> None:
    first, second = await house.enter(), await house.enter()
    first.clerk.outages = 10**9
    await house.say("abcd")
    await house.clock.advance(LONG_S)
    await house.say("efgh")
    assert sorted(first.intakes.serving) == [0, 1, 2, 3]

    first.clerk.outages = 0
    await house.clock.advance(LONG_S)

    assert sorted(first.obeyed + second.obeyed) == list("abcdefgh")
    assert {"f", "h"} <= set(second.obeyed)


async def test_what_is_in_hand_for_too_long_keeps_its_shard(house: House) -> None:
    first, _ = await house.enter(), await house.enter()
    first.clerk.outages = 1
    await house.say("abcd")

    with pytest.raises(TimeoutError):
        await first.intakes.hand_over(1, timeout_s=0.01)
    await house.say("efgh")
    await house.clock.advance(1)

    assert sorted(first.obeyed) == list("abcdefgh")


async def test_who_cannot_consume_does_not_renew_its_claim(house: House) -> None:
    instance = await house.enter()
    house.bus.is_away = True
    await house.clock.advance(LONG_S)
    assert instance.claim.looks == 1

    house.bus.is_away = False
    await house.clock.advance(SETTINGS.look_s)

    assert instance.claim.looks == 2


async def test_a_shard_that_could_not_be_taken_is_taken_later(house: House) -> None:
    house.bus.is_closed_to_consumers = True
    instance = await house.enter()
    await house.say("abcd")

    house.bus.is_closed_to_consumers = False
    await house.clock.advance(SETTINGS.look_s)

    assert sorted(instance.obeyed) == list("abcd")


async def test_every_beginning_of_a_service_is_told(house: House) -> None:
    first, second = await house.enter(), await house.enter()
    await house.say("abcd")
    await house.clock.advance(LONG_S)

    await house.say("efgh")

    assert (first.firsts, second.firsts) == ([0, 1, 2, 3], [1, 3])
