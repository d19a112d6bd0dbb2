"""JSON with names in it: what it means, and what a value may be."""

from typing import Any

import pytest

from tests.transcripts.patterns import Differs, Name, Names, filled, match, names_in, read


def test_names_stand_for_texts_and_for_what_is_none() -> None:
    assert read('{"room":"<room>","seq":<head>}') == {
        "room": Name("room", is_text=True),
        "seq": Name("head", is_text=False),
    }


@pytest.mark.parametrize(
    "text", ['"a ... b"', '"<@0190>"', '"1 < 2 > 0"', '"say \\"<x>\\""', '"{[...]}"']
)
def test_texts_that_only_look_like_it_stay_as_they_are(text: str) -> None:
    assert read(text) == read(text)
    assert isinstance(read(text), str)


@pytest.mark.parametrize("text", ["{", '{"a":}', "...", "[<>]", '{"a":1 "b":2}'])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json's own words
        read(f"[{text}")


def test_the_same_name_is_the_same_value_ever_after() -> None:
    names: Names = {}

    match(read('{"room":"<room>","again":"<room>"}'), {"room": "r1", "again": "r1"}, names)

    assert names == {"room": "r1"}
    with pytest.raises(Differs, match="it is 'r2', and <room> was 'r1'"):
        match(read('"<room>"'), "r2", names)


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ('{"a":1,...}', {"a": 1, "b": 2}),
        ("{...}", {}),
        ("[1,...]", [1, 2, 3]),
        ("[...]", []),
        ('{"a":[{"b":1,...}]}', {"a": [{"b": 1, "c": 2}]}),
        ('"to <bob>"', "to b1"),
        ('{"<bob>":1}', {"b1": 1}),
        ("null", None),
        ("<n>", 7),
        ("<yes>", True),
    ],
)
def test_a_value_may_be_what_the_pattern_says(pattern: str, value: Any) -> None:
    match(read(pattern), value, {"bob": "b1"})


@pytest.mark.parametrize(
    ("pattern", "value", "fault"),
    [
        ('{"a":1}', {"a": 2}, "it.a is 2 and should be 1"),
        ('{"a":1}', {"a": True}, "it.a is True and should be 1"),
        ('{"a":1}', {"a": 1.0}, "it.a is 1.0 and should be 1"),
        ('{"a":1}', {"a": 1, "b": 2}, "it has b too"),
        ('{"a":1,...}', {"b": 2}, "it has no a"),
        ('{"a":{"b":1}}', {"a": [1]}, r"it.a is \[1\] and should be an object"),
        ("[1]", [1, 2], "it has 2 items and should have 1"),
        ("[1,2,...]", [1], "it has 1 items and should have 2"),
        ('[{"a":1}]', [{"a": 2}], r"it\[0\].a is 2"),
        ("[1]", {"a": 1}, "should be a list"),
        ('"<x>"', 7, "it is 7 and should be a text"),
        ("<x>", "7", "it is '7' and should be no text"),
        ("<x>", None, "it has no value"),
        ('"to <bob>"', "to b2", "it is 'to b2' and should be 'to b1'"),
    ],
)
def test_what_differs_is_said_with_its_place(pattern: str, value: Any, fault: str) -> None:
    with pytest.raises(Differs, match=fault):
        match(read(pattern), value, {"bob": "b1"})


def test_what_is_said_has_values_for_names_and_nothing_that_was_left_open() -> None:
    pattern = read('{"to":"<bob>","path":"/x/<bob>?n=<n>","n":<n>,"more":[<n>,...],...}')

    assert filled(pattern, {"bob": "b1", "n": 7}) == {
        "to": "b1",
        "path": "/x/b1?n=7",
        "n": 7,
        "more": [7],
    }


def test_a_name_that_nobody_has_seen_cannot_be_said() -> None:
    with pytest.raises(KeyError):
        filled(read('"<bob>"'), {})


def test_names_are_found_wherever_they_stand() -> None:
    pattern = read('{"a":"<x>","b":[<n>,"to <y>"],...}')

    assert [name.name for name in names_in(pattern)] == ["x", "n", "y"]
