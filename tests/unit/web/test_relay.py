import json
from datetime import timedelta

from tests.browser.relay import Relay, spread


def test_every_time_in_a_frame_is_moved_and_nothing_else() -> None:
    relay = Relay(timedelta(hours=1))

    frame = '{"ts":"2026-05-09T08:41:00.250Z","text":"at 2026-05-09T08:41:00Z","seq":9}'

    assert relay.moved(frame) == (
        '{"ts":"2026-05-09T09:41:00.250000+00:00","text":"at 2026-05-09T08:41:00Z","seq":9}'
    )


def test_times_that_are_not_moved_stay_as_they_were_written() -> None:
    frame = '{"ts":"2026-05-09T08:41:00.250Z"}'

    assert Relay(timedelta()).moved(frame) == frame


def test_a_talk_that_took_a_second_is_spread_over_minutes() -> None:
    items = [{"seq": seq, "created_at": "2026-05-09T09:41:00+00:00"} for seq in (3, 5)]

    page = json.loads(spread(json.dumps({"items": items})))

    assert [item["created_at"] for item in page["items"]] == [
        "2026-05-09T09:33:00+00:00",
        "2026-05-09T09:41:00+00:00",
    ]
