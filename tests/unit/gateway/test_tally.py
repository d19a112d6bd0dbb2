"""What a gateway shows of itself, and that looking costs nothing."""

from prometheus_client import CollectorRegistry

from libs.common.metrics import Metrics
from services.gateway.connection.tally import Tally
from services.gateway.core.pending import Pending


def test_lists_are_measured_when_somebody_asks() -> None:
    registry, lengths = CollectorRegistry(), {"rooms": 1, "holes": 0, "unconfirmed": 7}
    tally = Tally(Metrics(registry, "gateway"))
    tally.watch_lists(
        rooms=lambda: lengths["rooms"],
        holes=lambda: lengths["holes"],
        unconfirmed=lambda: lengths["unconfirmed"],
    )

    lengths["rooms"] = 5

    assert registry.get_sample_value("chat_gateway_rooms_count") == 5
    assert registry.get_sample_value("chat_gateway_holes_count") == 0
    assert registry.get_sample_value("chat_gateway_commands_unconfirmed_count") == 7


def test_repairs_are_counted_by_their_outcome() -> None:
    registry = CollectorRegistry()
    tally = Tally(Metrics(registry, "gateway"))

    tally.count_repair("repaired")
    tally.count_repair("repaired")

    repaired = {"outcome": "repaired"}
    assert registry.get_sample_value("chat_gateway_repairs_total", repaired) == 2


def test_only_a_command_has_a_time_by_which_its_answer_is_due() -> None:
    pending = Pending()
    pending.add("1", by=10.0)
    pending.open("2")

    assert [pending.by(ref) for ref in ("1", "2", "3")] == [10.0, None, None]
