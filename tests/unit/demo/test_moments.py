"""Moments are said as days or minutes before the end of the story."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from services.demo.moments import Moment, at, read_moment

END = datetime(2026, 3, 10, 14, 30, tzinfo=UTC).timestamp()
KOLKATA = timezone(timedelta(hours=5, minutes=30))


def when(text: str, zone: timezone = UTC) -> datetime:
    return datetime.fromtimestamp(at(read_moment(text), end=END, zone=zone), UTC)


def test_days_before_count_from_the_day_of_the_end() -> None:
    assert when("3 days before, 09:05") == datetime(2026, 3, 7, 9, 5, tzinfo=UTC)


def test_one_day_before_is_yesterday() -> None:
    assert when("1 day before, 23:00") == datetime(2026, 3, 9, 23, 0, tzinfo=UTC)


def test_minutes_before_count_from_the_end_itself() -> None:
    assert when("45 minutes before") == datetime(2026, 3, 10, 13, 45, tzinfo=UTC)


def test_a_day_begins_when_it_does_in_the_zone() -> None:
    assert when("1 day before, 00:00", KOLKATA) == datetime(2026, 3, 8, 18, 30, tzinfo=UTC)


def test_without_a_zone_it_is_that_of_the_machine() -> None:
    moment = Moment(2, 600)
    here = datetime.fromtimestamp(at(moment, end=END, zone=None), UTC).astimezone()

    assert (here.hour, here.minute) == (10, 0)


@pytest.mark.parametrize("text", ["yesterday", "3 days before", "2 days before, 25:00", ""])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - said by us and by `time`
        read_moment(text)
