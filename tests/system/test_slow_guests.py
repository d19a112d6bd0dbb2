"""Slow mode binds a guest who comes in again: whatever they call themselves, with one device."""

from typing import Final

import pytest

from tests.support.shapes import Shape
from tests.system.guests import guest_of
from tests.system.people import Person

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.usefixtures("unharmed")]

DEVICE: Final = "0123456789abcdef"


async def test_who_leaves_a_slow_room_and_comes_again_waits_as_before(
    program: Shape, alice: Person
) -> None:
    body = {"kind": "guest", "title": "Slow workshop", "slow_mode_s": 600}
    room = await alice.api.call("POST", "/v1/rooms", body)
    async with guest_of(program, room, "Dora", device=DEVICE) as dora:
        await dora.write(room["id"], "One")
        await dora.api.go_out()

    async with (
        guest_of(program, room, "Erin", device=DEVICE) as again,
        again.wire(room["id"]) as one,
    ):
        sent = await one.ask("send_message", room_id=room["id"], content="Two", client_msg_id="two")

    assert sent.data["code"] == "slow_mode"
