"""Lines for the terminal: a name, and what was measured."""

from collections.abc import Iterable
from typing import Final

from tests.bench.measuring import Amqp, Cost
from tests.bench.numbers import Batches
from tests.bench.tally import Outcome, Spread

NAME_CHARS: Final = 40
ORDER: Final = ("program", "gateway", "messages", "other services", "broker", "Postgres", "guards")

Row = tuple[str, str]


def table(rows: Iterable[Row]) -> str:
    return "\n".join(f"{name:{NAME_CHARS}}{value:>24}".rstrip() for name, value in rows)


def of_outcome(outcome: Outcome, others: int) -> list[Row]:
    """Return whether everything came, and how long it took."""
    heard = outcome.sent * others
    return [
        ("acknowledged", f"{outcome.acked} of {outcome.sent}"),
        ("heard by others", f"{heard - outcome.missed} of {heard}"),
        ("heard too often", str(outcome.surplus)),
        ("errors", str(outcome.error_count)),
        *([("due to another's frame, p50 / p99 ms", _ms(outcome.heard))] if heard else []),
        ("due to ack, p50 / p99 ms", _ms(outcome.ack)),
    ]


def of_lateness(outcome: Outcome) -> list[Row]:
    """Return how late the load itself was, which is in all other times."""
    return [("due to sent (in both), p50 / p99 ms", _ms(outcome.late))]


def of_cost(cost: Cost, count: int) -> list[Row]:
    """Return CPU per message, part by part, and memory."""
    parts = sorted(cost.cpu_s, key=ORDER.index)
    total_s = sum(cost.cpu_s.values())
    return [
        *(
            (f"CPU us per message, {part}", f"{cost.cpu_s[part] / count * 1e6:.0f}")
            for part in parts
        ),
        ("CPU us per message, all of these", f"{total_s / count * 1e6:.0f}"),
        ("CPU us per message, the load itself", f"{cost.load_cpu_s / count * 1e6:.0f}"),
        ("cores in use, load included", f"{cost.cores:.2f}"),
        *((f"memory MB, {part}", f"{cost.memory_bytes[part] / 1e6:.0f}") for part in parts),
    ]


def of_amqp(amqp: Amqp, count: int) -> list[Row]:
    """Return how many messages of the bus one message of a person takes."""
    rows = [
        *((f"published per message, {name}", value) for name, value in amqp.published.items()),
        *((f"delivered per message, to {way}", value) for way, value in amqp.delivered.items()),
    ]
    if amqp.broker is not None:
        rows.append(("broker got per message", amqp.broker.received))
        rows.append(("broker gave per message", amqp.broker.delivered))
    return [(name, f"{value / count:.3f}") for name, value in rows]


def of_batches(batches: Batches) -> list[Row]:
    """Return how many commands messages took at a time."""
    if not batches.count:
        return []
    rows = [("commands per batch, mean", f"{batches.commands / batches.count:.1f}")]
    last = 0.0
    for size, share in sorted(batches.upto.items(), key=lambda item: float(item[0])):
        if share > last:
            rows.append((f"batches of at most {float(size):g}", f"{share - last:.1%}"))
            last = share
    return rows


def _ms(spread: Spread) -> str:
    return f"{spread.p50 * 1e3:.1f} / {spread.p99 * 1e3:.1f}"
