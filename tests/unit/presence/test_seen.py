"""When somebody was last seen is told by the minute."""

import pytest

from services.presence.core.seen import coarse


@pytest.mark.parametrize("second", [0, 0.001, 31, 59.999])
def test_every_moment_of_a_minute_is_told_as_its_beginning(second: float) -> None:
    assert coarse(1_700_000_040 + second) == "2023-11-14T22:14:00.000Z"


def test_who_was_never_seen_has_no_time() -> None:
    assert coarse(None) is None
