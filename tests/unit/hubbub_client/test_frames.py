"""What comes over a socket: frames, alone or several in one text message."""

import pytest

from hubbub_client.client import Client
from hubbub_client.frames import Frame, frames_in, parse, write


async def give_token() -> str:
    return "token"


def test_a_text_message_is_one_frame() -> None:
    assert frames_in('{"type":"pong","ref":"7","data":{}}') == [Frame("pong", ref="7")]


def test_a_text_message_may_be_an_array_of_frames() -> None:
    assert frames_in('[{"type":"message","seq":1},{"type":"message","seq":2}]') == [
        Frame("message", seq=1),
        Frame("message", seq=2),
    ]


def test_members_of_tomorrow_are_left_aside() -> None:
    assert parse('{"type":"pong","mood":"fine"}') == Frame("pong")


@pytest.mark.parametrize("text", ["Welcome!", "7", "{}", '{"type":7}', '[{"type":"pong"},{}]'])
def test_what_is_no_frame_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        frames_in(text)


def test_an_array_is_not_one_frame() -> None:
    with pytest.raises(ValueError, match="unpack"):
        parse("[]")


def test_a_command_without_a_ref_has_none() -> None:
    assert write("ping", {}) == '{"type":"ping","data":{}}'
    assert write("read", {"seq": 7}, "1") == '{"type":"read","data":{"seq":7},"ref":"1"}'


async def test_news_of_a_room_one_does_not_listen_to_are_an_event() -> None:
    client = Client("ws://hubbub.example/v1/ws", give_token)
    head = Frame("room_head", {"head_seq": 7, "unread": 1, "mentions": 0}, room_id="r1")

    await client.on_frame(head)

    assert await anext(client.events()) == head


async def test_a_room_one_was_taken_out_of_is_followed_no_more() -> None:
    client = Client("ws://hubbub.example/v1/ws", give_token)
    joined = {"room_id": "r1", "epoch": "e1", "head_seq": 4}
    await client.on_frame(Frame("room_joined", joined, ref="1"))
    left = Frame("room_left", {"room_id": "r1", "reason": "removed"})

    await client.on_frame(left)

    assert client.cursors == {}
    assert await anext(client.events()) == left
