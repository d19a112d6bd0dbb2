"""The parser of frames: any bytes are a frame, or refused in few words that repeat none of them."""

import json
from typing import Final

from services.gateway.frames.reading import BadFrame, read_frame

LONGEST_ANSWER: Final = 1_024
CODES: Final = frozenset({"bad_json", "invalid", "unknown_type"})


def run(data: bytes) -> None:
    try:
        frame = read_frame(data)
    except BadFrame as bad:
        _check(bad)
    else:
        again = read_frame(frame.model_dump_json().encode())
        assert again == frame, (again, frame)


def _check(bad: BadFrame) -> None:
    body = json.dumps(bad.refusal.body())
    assert bad.refusal.code in CODES, bad.refusal.code
    assert len(body) <= LONGEST_ANSWER, body
