"""Frames are taken apart into what they were made of."""

from hypothesis import given
from hypothesis import strategies as st

from services.gateway.core.outbox import text_frame
from services.gateway.core.payloads import payloads_of

SIZES = st.sampled_from([0, 1, 125, 126, 127, 65_535, 65_536, 70_000])


@given(sizes=st.lists(SIZES, max_size=6))
def test_texts_come_out_as_they_went_in(sizes: list[int]) -> None:
    texts = [bytes([number]) * size for number, size in enumerate(sizes)]

    assert payloads_of(b"".join(map(text_frame, texts))) == texts
