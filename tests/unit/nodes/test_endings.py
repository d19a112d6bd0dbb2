"""An operator reads how a node ended, and what it said last."""

import pytest

from services.nodes.endings import describe


@pytest.mark.parametrize(
    ("status", "how"),
    [
        (0, "Postgres ended with status 0"),
        (1, "Postgres ended with status 1"),
        (137, "Postgres was killed by SIGKILL"),
        (-9, "Postgres was stopped because its guard process was killed"),
    ],
)
def test_an_end_is_described(status: int, how: str) -> None:
    assert describe("Postgres", status, []) == how


def test_a_description_ends_with_the_last_lines() -> None:
    lines = [f"line {number}" for number in range(9)]

    assert describe("RabbitMQ", 137, lines).splitlines()[1:] == lines[-5:]
