"""The forms of what goes to many: made once, the same bytes for all, never larger than plain."""

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import Frame, Opcode

from services.gateway.core.forms import BATCH_BYTES, BATCH_FRAMES, Forms, framed
from services.gateway.core.outbox import PLAIN, Form, text_frame
from tests.unit.gateway.listening import payloads

DEFLATED = Form(1_024, is_batched=False)
BATCHED = Form(None, is_batched=True)
BOTH = Form(1_024, is_batched=True)

SHORT = b'{"type":"typing"}'
LONG = b'{"type":"message","content":"' + b"tea or coffee? " * 100 + b'"}'


def inflated(frame: bytes) -> bytes:
    """Read one deflated frame as the library reads it."""
    assert frame[0] == 0xC1
    [packed] = payloads(bytes((0x81,)) + frame[1:])
    deflate = PerMessageDeflate(
        remote_no_context_takeover=True,
        local_no_context_takeover=True,
        remote_max_window_bits=15,
        local_max_window_bits=15,
    )
    return bytes(deflate.decode(Frame(Opcode.TEXT, packed, rsv1=True)).data)


def texts(number: int, *, size: int = 10) -> list[bytes]:
    return [json.dumps({"seq": at, "x": "x" * size}).encode() for at in range(number)]


def messages(data: bytes) -> list[Any]:
    return [json.loads(payload) for payload in payloads(data)]


def test_a_long_frame_is_deflated_for_who_can_read_that() -> None:
    frame = framed([LONG], DEFLATED)

    assert inflated(frame) == LONG
    assert len(frame) < len(LONG) / 5


@pytest.mark.parametrize("form", [PLAIN, BATCHED])
def test_a_long_frame_is_plain_for_all_others(form: Form) -> None:
    assert framed([LONG], form) == text_frame(LONG)


def test_a_short_frame_is_never_deflated() -> None:
    just_short = b"x" * 1_024

    assert framed([just_short], DEFLATED) == text_frame(just_short)
    assert framed([just_short + b"x"], DEFLATED) != text_frame(just_short + b"x")


def test_what_does_not_become_smaller_stays_plain() -> None:
    noise = Random(1).randbytes(2_000)

    assert framed([noise], DEFLATED) == text_frame(noise)


def test_several_frames_go_one_behind_the_other() -> None:
    assert framed([SHORT, LONG], PLAIN) == text_frame(SHORT) + text_frame(LONG)
    assert framed([SHORT, LONG], DEFLATED) == text_frame(SHORT) + framed([LONG], DEFLATED)


def test_several_frames_are_one_array_for_who_announced_batches() -> None:
    assert messages(framed(texts(3), BATCHED)) == [[json.loads(text) for text in texts(3)]]


def test_an_array_is_deflated_as_a_whole() -> None:
    assert json.loads(inflated(framed(texts(64), BOTH))) == [json.loads(one) for one in texts(64)]


def test_a_frame_alone_is_no_array() -> None:
    assert framed([SHORT], BATCHED) == text_frame(SHORT)
    assert messages(framed(texts(65), BATCHED))[-1] == json.loads(texts(65)[-1])


@settings(max_examples=30)
@given(st.lists(st.sampled_from([0, 9, 3_000, 9_000, 300_000]), min_size=1, max_size=100))
def test_batches_are_bounded_and_leave_nothing_out(sizes: list[int]) -> None:
    several = [json.dumps("x" * size).encode() for size in sizes]

    arrays = payloads(framed(several, BATCHED))

    parts = [json.loads(array) for array in arrays]
    flat = [one for part in parts for one in (part if isinstance(part, list) else [part])]
    assert flat == [json.loads(one) for one in several]
    assert all(len(part) <= BATCH_FRAMES for part in parts if isinstance(part, list))
    assert all(len(array) <= BATCH_BYTES + 2 * BATCH_FRAMES for array in arrays if array[0] == 91)


def test_all_who_can_read_a_form_get_the_very_same_bytes() -> None:
    forms = Forms([LONG, SHORT])

    for form in (PLAIN, DEFLATED, BATCHED, BOTH):
        assert forms.of(form) is forms.of(Form(*form))
        assert forms.of(form) == framed([LONG, SHORT], form)


def test_a_message_alone_is_deflated_once_for_both_who_can_read_it() -> None:
    forms = Forms([LONG])

    assert forms.of(BOTH) is forms.of(DEFLATED)
    assert forms.of(BATCHED) is forms.of(PLAIN)
