"""What services show is added up over processes and told apart by one label."""

from prometheus_client import CollectorRegistry

from libs.common.metrics import Metrics, exposition
from tests.bench.numbers import BATCH, DELIVERED, added_up, batches, by_label, grown
from tests.bench.shapes import BrokerCounts, read_counts


def shown(*sizes: int, queue: int = 0, inbox: int = 0) -> str:
    """Return what a process shows that took batches of these sizes, and so many deliveries."""
    registry = CollectorRegistry()
    bus = Metrics(registry, "bus").counter("deliveries", "What came.", labels=("way", "again"))
    bus.labels("queue", "no").inc(queue)
    bus.labels("inbox", "no").inc(inbox)
    bus.labels("inbox", "yes").inc(0)
    batch = Metrics(registry, "messages").histogram(
        "batch_commands_count", "Obeyed together.", buckets=(1, 10, 100)
    )
    for size in sizes:
        batch.observe(size)
    return exposition(registry)[0].decode()


def test_several_processes_are_added_up_by_label() -> None:
    numbers = added_up([shown(queue=2, inbox=5), shown(queue=1)])

    assert by_label(numbers, DELIVERED) == {"queue": 3, "inbox": 5}


def test_only_what_grew_meanwhile_counts() -> None:
    before, after = added_up([shown(7, queue=2)]), added_up([shown(7, 4, 4, queue=3)])

    numbers = grown(before, after)

    assert by_label(numbers, DELIVERED) == {"queue": 1}
    assert (batches(numbers).count, batches(numbers).commands) == (2, 8)


def test_batches_tell_what_share_was_at_most_how_large() -> None:
    found = batches(added_up([shown(1, 5), shown(5, 50)]))

    assert found.upto == {"1.0": 0.25, "10.0": 0.75, "100.0": 1.0, "+Inf": 1.0}


def test_no_batch_has_no_shares() -> None:
    assert batches(added_up([shown()])).upto == {}
    assert batches({}).count == 0


def test_the_metric_of_batches_has_the_name_that_is_looked_for() -> None:
    assert (f"{BATCH}_sum", "") in added_up([shown()])


def test_the_brokers_counts_are_added_up_over_all_kinds_of_queues() -> None:
    answer = """
    #{[{protocol,amqp091}] =>
          #{messages_received_confirm_total => 4,messages_received_total => 5},
      [{protocol,amqp091},{queue_type,rabbit_classic_queue}] =>
          #{messages_delivered_consume_auto_ack_total => 1,messages_delivered_total => 3,
            messages_redelivered_total => 9},
      [{protocol,amqp091},{queue_type,rabbit_quorum_queue}] => #{messages_delivered_total => 4}}
    """

    assert read_counts(answer) == BrokerCounts(received=5, delivered=7)
