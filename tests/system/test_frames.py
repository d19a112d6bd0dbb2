"""What a client may say on a socket, and what becomes of those who say something else."""

import json
from typing import Final

import pytest

from tests.system.people import Person

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.usefixtures("unharmed")]


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
    "no ref": ('{"type":"set_presence","data":{"state":"online"}}', "invalid"),
    "bad ref": ('{"type":"ping","ref":"a b"}', "invalid"),
    "long ref": (f'{{"type":"ping","ref":"{"r" * 65}"}}', "invalid"),
    "no uuid": ('{"type":"join_room","ref":"r1","data":{"room_id":"7"}}', "invalid"),
    "deep data": ('{"type":"ping","ref":"r1","data":' + '{"a":' * 9_000, "bad_json"),
    "control character": (sending("{room}", r'"a\u0007b"'), "invalid"),
    "no text": (sending("{room}", '""'), "invalid"),
    "content that is no text": (sending("{room}", "17"), "invalid"),
    "too long a text": (sending("{room}", json.dumps("x" * 4_001)), "too_large"),
}
"""What is sent and the code of the answer."""


@pytest.mark.parametrize(("raw", "code"), HOSTILE.values(), ids=HOSTILE)
async def test_a_bad_frame_is_refused_and_the_socket_lives(
    bob: Person, room: str, raw: str, code: str
) -> None:
    async with bob.wire(room) as bobs:
        await bobs.write(raw.replace("{room}", room))
        refusal = await bobs.hear("error")
        await bobs.settle()

    assert refusal.data["code"] == code
    assert refusal.data["retryable"] is False
    assert await bob.history(room) == []


async def test_a_refusal_repeats_nothing_of_what_was_sent(bob: Person) -> None:
    async with bob.wire() as bobs:
        await bobs.write('{"type":"ping","ref":"r1","data":{"<script>":"<script>"}}')
        refusal = await bobs.answer("r1")

    assert "script" not in json.dumps(refusal.data)


async def test_the_others_in_the_room_notice_nothing(
    alice: Person, bob: Person, charlie: Person, room: str
) -> None:
    async with alice.wire(room) as alices, bob.wire(room) as bobs, charlie.wire(room) as charlies:
        for _ in range(6):
            await charlies.write("{")
        await charlies.closed()
        await alices.ask("send_message", room_id=room, client_msg_id="calm", content="Calm")

        assert (await bobs.hear("message")).data["content"] == "Calm"


async def test_a_ref_may_be_used_again_after_its_answer(bob: Person) -> None:
    async with bob.wire() as bobs:
        for _ in range(2):
            await bobs.tell("set_presence", "same", state="online")

            assert (await bobs.answer("same")).type == "ack"
