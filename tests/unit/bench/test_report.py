"""The table: shares of batches, cost by message, and nothing that was not measured."""

import pytest

from tests.bench.measuring import Amqp, Cost
from tests.bench.numbers import Batches
from tests.bench.report import of_amqp, of_batches, of_cost, of_lateness, of_outcome, table
from tests.bench.shapes import BrokerCounts
from tests.bench.tally import Outcome, Spread

COST = Cost(
    cpu_s={"Postgres": 1.0, "gateway": 2.0},
    memory_bytes={"Postgres": 200e6, "gateway": 100e6},
    load_cpu_s=1.0,
    seconds=4.0,
)


def outcome(*, sent: int = 10, missed: int = 0) -> Outcome:
    time = Spread(p50=0.0012, p99=0.0345, longest=1.0)
    return Outcome(sent, sent, missed, 0, time, time, time, 0, ())


def test_cost_is_told_by_message_and_part_in_the_order_of_a_messages_way() -> None:
    rows = of_cost(COST, 1000)

    assert rows[:4] == [
        ("CPU us per message, gateway", "2000"),
        ("CPU us per message, Postgres", "1000"),
        ("CPU us per message, all of these", "3000"),
        ("CPU us per message, the load itself", "1000"),
    ]
    assert rows[4] == ("cores in use, load included", "1.00")


def test_what_did_not_come_is_told() -> None:
    rows = dict(of_outcome(outcome(sent=10, missed=3), 4))

    assert rows["acknowledged"] == "10 of 10"
    assert rows["heard by others"] == "37 of 40"
    assert rows["due to another's frame, p50 / p99 ms"] == "1.2 / 34.5"


def test_where_nobody_else_hears_no_time_is_told() -> None:
    assert not any("another" in name for name, _ in of_outcome(outcome(), 0))


def test_how_late_the_load_was_is_told() -> None:
    assert [value for _, value in of_lateness(outcome())] == ["1.2 / 34.5"]


def test_each_row_of_batches_is_the_share_of_that_size_alone() -> None:
    upto = {"10.0": 0.75, "1.0": 0.25, "100.0": 0.75, "+Inf": 1.0}

    assert of_batches(Batches(count=4, commands=60, upto=upto)) == [
        ("commands per batch, mean", "15.0"),
        ("batches of at most 1", "25.0%"),
        ("batches of at most 10", "50.0%"),
        ("batches of at most inf", "25.0%"),
    ]


@pytest.mark.parametrize("broker", [None, BrokerCounts(received=5, delivered=10)])
def test_the_broker_has_rows_where_there_is_one(broker: BrokerCounts | None) -> None:
    amqp = Amqp(published={"chat.cmd": 4}, delivered={"queue": 4}, broker=broker)

    rows = dict(of_amqp(amqp, 8))

    assert rows["published per message, chat.cmd"] == "0.500"
    assert rows.get("broker gave per message") == (None if broker is None else "1.250")


def test_values_stand_below_each_other() -> None:
    lines = table([("a", "1"), ("longer", "22")]).splitlines()

    assert len({len(line) for line in lines}) == 1
