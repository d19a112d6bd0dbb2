from tests.browser.measure.scrolling import spread
from tests.browser.measure.surroundings import FAIR_NETWORK, HERE, SLOW_PROCESSOR
from tests.browser.measure.tables import table


def test_frames_are_summed_up_by_how_late_they_are() -> None:
    frames = spread([16.7] * 90 + [33.3] * 8 + [60.0] * 2, passed=1_000)

    assert frames.median_ms == 16.7
    assert frames.p95_ms == 33.3
    assert frames.p99_ms == 60.0
    assert frames.worst_ms == 60.0
    assert frames.share_over_17_ms == 0.1
    assert frames.share_over_50_ms == 0.02
    assert round(frames.seconds, 2) == 1.89


def test_a_frame_that_came_in_time_is_not_late_by_a_rounding() -> None:
    assert spread([16.8, 16.6], passed=1).share_over_17_ms == 0


def test_a_table_can_be_put_into_a_document() -> None:
    assert table(["what", "ms"], [["this", "1"]]) == "| what | ms |\n| --- | --: |\n| this | 1 |"


def test_surroundings_are_told_by_their_numbers() -> None:
    assert str(HERE) == "this machine"
    assert str(SLOW_PROCESSOR) == "this machine, CPU 4 times slower"
    assert str(FAIR_NETWORK) == "150 ms, 1600 kbit/s, CPU 4 times slower"
