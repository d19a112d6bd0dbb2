"""The text of events is cut out of an answer as it stands there."""

import pytest

from tests.conformance.clauses.polls import texts_in

FIRST = '{"type":"message","seq":3,"data":{"content":"] } \\" 👋 \\u00e9"}}'
SECOND = '{"type":"presence", "data":{"users":[]}}'


@pytest.mark.parametrize(
    "body",
    [
        f'{{"events":[{FIRST},{SECOND}],"cursors":{{}},"more":false}}',
        f'{{"cursors": {{"events": []}}, "more": false, "events": [ {FIRST} , {SECOND} ]}}',
    ],
    ids=["first", "last, with spaces"],
)
def test_each_event_is_cut_out_byte_for_byte(body: str) -> None:
    assert list(texts_in(body)) == [FIRST, SECOND]


def test_no_events_are_no_texts() -> None:
    assert list(texts_in('{"cursors":{},"events":[],"more":false}')) == []
