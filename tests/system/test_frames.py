"""What a client may say on a socket, and what becomes of those who say something else."""

import asyncio
import json
from collections import Counter
from typing import Final

import pytest

from tests.support.shapes import Shape
from tests.system.people import Person
from tests.system.wire import WAIT_S, wire

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.usefixtures("unharmed")]

TOO_LONG: Final = "x" * (64 * 1024 + 1)


def sending(room: str, content: str) -> str:
    """Return a message as JSON, with its content as it is written in JSON."""
    return (
        '{"type":"send_message","ref":"r1","data":'
        f'{{"room_id":"{room}","client_msg_id":"m1","content":{content}}}}}'
    )


HOSTILE: Final = {
    "not json": ("{", "bad_json"),
    "no object": ("[1, 2]", "invalid"),
    "a number": ("1", "invalid"),
    "no type": ("{}", "invalid"),
    "unknown type": ('{"type":"dance","ref":"r1","data":{}}', "unknown_type"),
    "unknown field": ('{"type":"ping","ref":"r1","data":{"loud":true}}', "invalid"),
    "unknown member": ('{"type":"ping","ref":"r1","to":"me"}', "invalid"),
    "no ref": ('{"type":"set_presence","data":{"state":"online"}}', "invalid"),
    "bad ref": ('{"type":"ping","ref":"a b"}', "invalid"),
    "long ref": (f'{{"type":"ping","ref":"{"r" * 65}"}}', "invalid"),
    "no uuid": ('{"type":"join_room","ref":"r1","data":{"room_id":"7"}}', "invalid"),
    "deep": ("[" * 20_000 + "]" * 20_000, "bad_json"),
    "deep data": ('{"type":"ping","ref":"r1","data":' + '{"a":' * 9_000, "bad_json"),
    "nan": ('{"type":"ping","ref":"r1","data":NaN}', None),
    "infinity": ('{"type":"ping","ref":"r1","data":{"a":-Infinity}}', None),
    "long number": (f'{{"type":"ping","ref":"r1","data":{"9" * 5_000}}}', None),
    "nul": (sending("{room}", r'"a\u0000b"'), "invalid"),
    "lone surrogate": (sending("{room}", r'"a\ud800b"'), None),
    "control character": (sending("{room}", r'"a\u0007b"'), "invalid"),
    "no text": (sending("{room}", '""'), "invalid"),
    "content that is no text": (sending("{room}", "17"), "invalid"),
    "too long a text": (sending("{room}", json.dumps("x" * 4_001)), "too_large"),
}
"""What is sent and the code of the answer; None: `bad_json` or `invalid`, whichever parser sees it
first.
"""


@pytest.mark.parametrize(("raw", "code"), HOSTILE.values(), ids=HOSTILE)
async def test_a_bad_frame_is_refused_and_the_socket_lives(
    bob: Person, room: str, raw: str, code: str | None
) -> None:
    async with bob.wire(room) as bobs:
        await bobs.write(raw.replace("{room}", room))
        refusal = await bobs.hear("error")
        await bobs.settle()

    assert refusal.data["code"] in ({code} if code else {"bad_json", "invalid"})
    assert refusal.data["retryable"] is False
    assert await bob.history(room) == []


async def test_a_refusal_repeats_nothing_of_what_was_sent(bob: Person) -> None:
    async with bob.wire() as bobs:
        await bobs.write('{"type":"ping","ref":"r1","data":{"<script>":"<script>"}}')
        refusal = await bobs.answer("r1")

    assert "script" not in json.dumps(refusal.data)


async def test_the_sixth_bad_frame_in_ten_seconds_is_the_last(bob: Person) -> None:
    async with bob.wire() as bobs:
        for _ in range(6):
            await bobs.write("{")
        closed = await bobs.closed()

    assert closed[0] == 4400
    assert [frame.type for frame in bobs.frames[-6:]] == ["error"] * 6


async def test_a_binary_frame_ends_it(bob: Person) -> None:
    async with bob.wire() as bobs:
        await bobs.write(b'{"type":"ping"}')

        assert (await bobs.closed())[0] == 1003


async def test_text_that_is_not_utf8_ends_it(bob: Person) -> None:
    async with bob.wire() as bobs:
        await bobs.socket.send(b'{"type":"\xff"}', text=True)

        assert (await bobs.closed())[0] == 1007


async def test_a_frame_that_is_too_long_ends_it(bob: Person) -> None:
    async with bob.wire() as bobs:
        await bobs.write(TOO_LONG)

        assert (await bobs.closed())[0] == 1009


async def test_so_does_one_in_pieces(bob: Person) -> None:
    async with bob.wire() as bobs:
        await bobs.socket.send([TOO_LONG[:40_000], TOO_LONG[40_000:]])

        assert (await bobs.closed())[0] == 1009


async def test_a_stranger_has_half_as_much_room(program: Shape) -> None:
    async with wire(program.socket_url) as one:
        await one.write("x" * (32 * 1024 + 1))

        assert (await one.closed())[0] == 1009


async def test_the_others_in_the_room_notice_nothing(
    alice: Person, bob: Person, charlie: Person, room: str
) -> None:
    async with alice.wire(room) as alices, bob.wire(room) as bobs, charlie.wire(room) as charlies:
        for _ in range(6):
            await charlies.write("{")
        await charlies.closed()
        await alices.ask("send_message", room_id=room, client_msg_id="calm", content="Calm")

        assert (await bobs.hear("message")).data["content"] == "Calm"


async def test_every_command_with_a_ref_is_answered_once(
    alice: Person, bob: Person, room: str
) -> None:
    message = await alice.write(room, "About this")
    of_it = {"room_id": room, "message_id": message["id"]}
    commands = [
        ("join_room", {"room_id": room}),
        ("send_message", {"room_id": room, "client_msg_id": "one", "content": "One"}),
        ("send_message", {"room_id": room, "client_msg_id": "one", "content": "One"}),
        ("send_message", {"room_id": room, "client_msg_id": "one", "content": "Two"}),
        ("edit_message", {**of_it, "content": "Not mine"}),
        ("add_reaction", {**of_it, "emoji": "👍"}),
        ("add_reaction", {**of_it, "emoji": "👍"}),
        ("remove_reaction", {**of_it, "emoji": "👎"}),
        ("delete_message", of_it),
        ("read", {"room_id": room, "seq": 1}),
        ("sync", {"room_id": room, "after_seq": 0, "limit": 10}),
        ("set_presence", {"state": "online"}),
        ("dance", {}),
        ("typing", {"room_id": room, "is_typing": False}),
        ("leave_room", {"room_id": room}),
        ("ping", {}),
    ]

    async with bob.wire(room) as bobs:
        for at, (type_, data) in enumerate(commands):
            await bobs.tell(type_, f"ref-{at}", **data)
        async with asyncio.timeout(WAIT_S):
            for at in range(len(commands)):
                await bobs.answer(f"ref-{at}")
        await bobs.settle()
        answered = Counter(frame.ref for frame in bobs.frames if (frame.ref or "")[:4] == "ref-")

    assert set(answered.values()) == {1}


async def test_a_ref_may_be_used_again_after_its_answer(bob: Person) -> None:
    async with bob.wire() as bobs:
        for _ in range(2):
            await bobs.tell("set_presence", "same", state="online")

            assert (await bobs.answer("same")).type == "ack"
