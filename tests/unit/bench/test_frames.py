"""The load's own frames: what gateways send is cut wherever the network cuts it."""

import json

import pytest
from websockets.frames import Frame, Opcode

from tests.bench.frames import (
    ID,
    PONG,
    REF,
    TEXT,
    BrokenFrame,
    Sentence,
    cut,
    masked,
    number_after,
)

ROOM = "0190a1b2-0000-7000-8000-000000000001"
SIZES = (0, 1, 125, 126, 127, 65_535, 65_536)


def served(payload: bytes, *, is_masked: bool = False, is_last: bool = True) -> bytes:
    """Return a server's frame, as somebody else's library makes it."""
    return Frame(Opcode.TEXT, payload, is_last).serialize(mask=is_masked)


def payload_of(frame: bytes) -> bytes:
    """Return what a frame of ours says to a reader that unmasks nothing."""
    starts = {126: 8, 127: 14}
    return frame[starts.get(frame[1] & 0x7F, 6) :]


@pytest.mark.parametrize("size", SIZES)
def test_a_frame_of_any_size_is_found(size: int) -> None:
    payload = b"x" * size
    data = served(payload)

    found, rest_at = cut(data)

    assert [(opcode, data[start:end]) for opcode, start, end in found] == [(TEXT, payload)]
    assert rest_at == len(data)


def test_frames_that_come_in_pieces_are_all_found_once() -> None:
    said = [b"x" * size for size in SIZES[:5]]
    stream = b"".join(map(served, said))
    heard, rest = [], b""

    for at in range(len(stream)):
        rest += stream[at : at + 1]
        found, rest_at = cut(rest)
        heard += [rest[start:end] for _, start, end in found]
        rest = rest[rest_at:]

    assert heard == said
    assert rest == b""


def test_what_follows_a_whole_frame_is_left() -> None:
    data = served(b"whole") + served(b"begun")[:3]

    found, rest_at = cut(data)

    assert len(found) == 1
    assert data[rest_at:] == served(b"begun")[:3]


@pytest.mark.parametrize("frame", [served(b"x", is_masked=True), served(b"x", is_last=False)])
def test_what_our_gateways_never_send_is_no_silent_error(frame: bytes) -> None:
    with pytest.raises(BrokenFrame):
        cut(frame)


@pytest.mark.parametrize("size", SIZES)
def test_a_clients_frame_says_its_size_and_has_a_mask_that_changes_nothing(size: int) -> None:
    payload = b"x" * size
    first_of_length, *others_of_length = served(payload)[1 : len(served(payload)) - size]

    frame = masked(payload, PONG)

    length = (0x80 | first_of_length, *others_of_length)
    assert frame == bytes((0x80 | PONG, *length)) + bytes(4) + payload


def test_a_sentence_is_one_frame_with_its_number_in_all_its_places() -> None:
    sentence = Sentence.of(ROOM, "x" * 200)

    frame = sentence.numbered(42)

    said = json.loads(payload_of(frame))
    assert frame == masked(payload_of(frame))
    assert (said["type"], said["ref"]) == ("send_message", "000000042")
    assert said["data"] == {
        "room_id": ROOM,
        "client_msg_id": "000000042",
        "content": "x" * 200 + "000000042",
    }


def test_a_number_is_found_within_its_own_frame_only() -> None:
    data = b'{"ref":"000000007"}{"ref":"other"}{"client_msg_id":"000000008"}'

    assert number_after(REF, data, 0, 19) == 7
    assert number_after(REF, data, 19, 34) == -1
    assert number_after(ID, data, 0, 34) == -1
    assert number_after(ID, data, 34, len(data)) == 8
