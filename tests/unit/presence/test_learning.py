"""When a new roster is whole: after all gateways said so, or after a lease in any case."""

from uuid import UUID

from services.presence.core.learning import Learning

ROSTER = UUID(int=1)
OLDER = UUID(int=2)
NOW = 100.0
LEASE_S = 45.0
SETTLE_S = 2.0


def learning(*, shards: int = 2, is_announced: bool = True) -> Learning:
    one = Learning(ROSTER, shards=shards, lease_s=LEASE_S, settle_s=SETTLE_S)
    if is_announced:
        one.announced(NOW)
    return one


def test_without_any_gateway_it_is_whole_once_they_had_time_to_name_themselves() -> None:
    one = learning()

    assert not one.is_over(NOW + SETTLE_S - 0.1, has_backlog=False)
    assert one.is_over(NOW + SETTLE_S, has_backlog=False)


def test_a_gateway_that_was_heard_of_is_waited_for_on_every_shard() -> None:
    one = learning()
    one.heard("gw.1")
    one.heard_all("gw.1", 0, roster=ROSTER)
    assert not one.is_over(NOW + 10, has_backlog=False)

    one.heard_all("gw.1", 1, roster=ROSTER)

    assert one.is_over(NOW + 10, has_backlog=False)


def test_all_gateways_are_waited_for() -> None:
    one = learning(shards=1)
    one.heard("gw.1")
    one.heard("gw.2")
    one.heard_all("gw.2", 0, roster=ROSTER)

    assert not one.is_over(NOW + 10, has_backlog=False)


def test_what_was_all_for_another_roster_is_nothing_for_this_one() -> None:
    one = learning(shards=1)
    one.heard("gw.1")
    one.heard_all("gw.1", 0, roster=OLDER)

    assert not one.is_over(NOW + 10, has_backlog=False)


def test_a_gateway_that_never_says_so_is_not_waited_for_longer_than_a_lease() -> None:
    one = learning()
    one.heard("gw.1")

    assert not one.is_over(NOW + LEASE_S - 0.1, has_backlog=False)
    assert one.is_over(NOW + LEASE_S, has_backlog=False)


def test_before_the_bus_took_the_question_no_time_passes() -> None:
    one = learning(is_announced=False)
    assert not one.is_over(NOW + 1_000, has_backlog=False)

    one.announced(NOW + 1_000)
    one.announced(NOW + 1_001)

    assert one.is_over(NOW + 1_000 + SETTLE_S, has_backlog=False)


def test_while_reports_wait_to_be_read_it_is_not_over_unless_it_takes_too_long() -> None:
    one = learning()

    assert not one.is_over(NOW + 10, has_backlog=True)
    assert one.is_over(NOW + LEASE_S, has_backlog=True)
