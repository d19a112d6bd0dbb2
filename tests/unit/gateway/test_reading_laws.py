"""What is true of every frame, whatever is in it."""

import json
import re
from typing import Any, Final

from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.gateway.frames.reading import BadFrame, read_frame
from services.gateway.frames.said import AnyFrame
from tests.unit.gateway.saying import CANARY, frames, is_said, near_frames

LONGEST_ANSWER: Final = 1_024
HEX: Final = re.compile(r"[0-9a-f]{32}|urn:uuid:.*|\{.*\}", re.IGNORECASE)
ROOM: Final = "00000000-0000-4000-8000-0000000000aa"


def read(raw: bytes) -> AnyFrame | None:
    """Return the frame, or None for a refusal, which keeps its own rules."""
    try:
        return read_frame(raw)
    except BadFrame as bad:
        check(bad, raw)
    return None


def check(bad: BadFrame, raw: bytes) -> None:
    """Check that an answer is short, and tells nobody what was sent but the ref."""
    body = json.dumps(bad.refusal.body())
    assert bad.refusal.code in {"bad_json", "invalid", "unknown_type"}
    assert len(body) <= LONGEST_ANSWER
    assert CANARY not in body
    assert bad.ref is None or bad.ref.encode() in raw or b"\\" in raw


def leaves(value: Any) -> list[Any]:
    """Return everything in a JSON value that holds nothing else."""
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in leaves(part)]
    if isinstance(value, list):
        return [leaf for part in value for leaf in leaves(part)]
    return [value]


def is_stricter(frame: Any) -> bool:
    """Tell whether there is a rule that the schema cannot say, and the frame breaks it."""
    found = leaves(frame)
    data = frame.get("data") or {}
    return (
        # For JSON Schema 1.0 is a whole number; here it is none, as not every language reads it so.
        any(isinstance(leaf, float) for leaf in found)
        # Half a surrogate pair is no text: it cannot be written as UTF-8.
        or any(isinstance(leaf, str) and re.search("[\ud800-\udfff]", leaf) for leaf in found)
        or (data.get("after_seq") is not None and data.get("epoch") is None)
    )


def is_laxer(frame: Any) -> bool:
    """Tell whether it holds a UUID in a spelling that the schema does not know."""
    return any(isinstance(leaf, str) and HEX.fullmatch(leaf) for leaf in leaves(frame))


@given(frames())
def test_what_the_schema_allows_is_read(frame: Any) -> None:
    was_read = read(json.dumps(frame).encode()) is not None

    assert is_said(frame)
    assert was_read or is_stricter(frame)


@settings(max_examples=300)
@given(near_frames())
@example({"type": "join_room", "ref": "r", "data": {"room_id": ROOM, "after_seq": 1.0}})
@example({"type": "join_room", "ref": "r", "data": {"room_id": ROOM.replace("-", "")}})
@example({"type": "ping", "ref": "r\n"})
def test_what_is_near_to_a_frame_is_read_exactly_if_the_schema_allows_it(frame: Any) -> None:
    was_read = read(json.dumps(frame).encode()) is not None

    if was_read:
        assert is_said(frame) or is_laxer(frame)
    else:
        assert not is_said(frame) or is_stricter(frame)


@settings(max_examples=300)
@given(near_frames(), st.data())
def test_a_frame_with_broken_bytes_is_a_frame_or_a_refusal(frame: Any, data: st.DataObject) -> None:
    raw = json.dumps(frame).encode()
    at = data.draw(st.integers(0, len(raw)))
    junk, gap = data.draw(st.binary(max_size=4)), data.draw(st.integers(0, 4))

    read(raw[:at] + junk + raw[at + gap :])


@given(frames())
def test_of_two_members_of_one_name_the_last_counts(frame: Any) -> None:
    raw = json.dumps(frame).encode()
    doubled = raw[:-1] + b',"type":"ping","data":{}}'

    assert getattr(read(doubled), "type", None) in {"ping", None}
    assert (read(doubled) is None) == (read(json.dumps(json.loads(doubled)).encode()) is None)


@given(frames())
def test_a_frame_that_was_read_says_the_same_when_it_is_written_and_read_again(frame: Any) -> None:
    first = read(json.dumps(frame).encode())

    if first is not None:
        assert read(first.model_dump_json().encode()) == first
