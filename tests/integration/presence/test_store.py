"""What presence keeps over a restart."""

from uuid import UUID

from libs.common.contracts.ids import PersonId
from services.presence.model import Choice, Chosen, LastSeenTo
from services.presence.store import Store

NOW = 1_700_000_000.0
ALICE = PersonId(UUID(int=1))
BOB = PersonId(UUID(int=2))


async def test_a_choice_is_kept(store: Store) -> None:
    await store.choose(Choice(ALICE, Chosen.AWAY, "lunch"))
    await store.choose(Choice(ALICE, Chosen.DND, None))

    assert await store.choices() == [Choice(ALICE, Chosen.DND, None)]


async def test_who_is_simply_online_is_not_among_the_choices(store: Store) -> None:
    await store.choose(Choice(ALICE, Chosen.AWAY, None))
    await store.choose(Choice(ALICE, Chosen.ONLINE, None))

    assert await store.choices() == []


async def test_an_earlier_time_never_replaces_a_later_one(store: Store) -> None:
    await store.save_seen({ALICE: NOW, BOB: NOW + 5})
    await store.save_seen({ALICE: NOW - 60, BOB: NOW + 9})

    assert await store.last_seen([ALICE, BOB]) == {ALICE: NOW, BOB: NOW + 9}


async def test_who_only_made_a_choice_was_never_seen(store: Store) -> None:
    await store.choose(Choice(ALICE, Chosen.AWAY, None))

    assert await store.last_seen([ALICE, BOB]) == {}


async def test_a_time_that_waited_is_not_noted_once_nobody_may_know_it(store: Store) -> None:
    await store.show_last_seen(ALICE, LastSeenTo.NOBODY)
    await store.save_seen({ALICE: NOW, BOB: NOW})

    assert await store.last_seen([ALICE, BOB]) == {BOB: NOW}
    assert await store.unseen() == [ALICE]


async def test_a_choice_of_state_leaves_alone_who_may_know_the_time(store: Store) -> None:
    await store.show_last_seen(ALICE, LastSeenTo.NOBODY)
    await store.choose(Choice(ALICE, Chosen.AWAY, None))

    assert await store.last_seen_to(ALICE) is LastSeenTo.NOBODY
    assert await store.last_seen_to(BOB) is LastSeenTo.EVERYBODY
