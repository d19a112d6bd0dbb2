"""Rooms that open, close and come back, as their members hear of it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.system.people import Person

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.usefixtures("unharmed")]


def soon(after_s: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=after_s)).isoformat()


async def test_everybody_hears_that_a_room_opens_and_closes_by_the_clock(
    alice: Person, bob: Person, room: str
) -> None:
    path = f"/v1/rooms/{room}"
    async with bob.wire(room) as bobs:
        # Who says it to a busy machine says it before that time.
        await alice.call("PATCH", path, {"opens_at": soon(3)})
        states = [(await bobs.hear(kind)).data["state"] for kind in ("room_updated", "room_opened")]
        await alice.call("PATCH", path, {"closes_at": soon(1)})
        states.append((await bobs.hear("room_closed")).data["state"])

    late = await bob.call("POST", f"{path}/messages", {"client_msg_id": "late", "content": "Wait"})

    assert states == ["scheduled", "open", "closed"]
    assert late.json()["code"] == "room_not_open"


async def test_who_was_in_a_deleted_room_is_in_it_again_when_it_is_restored(
    alice: Person, bob: Person, room: str
) -> None:
    path = f"/v1/rooms/{room}"
    said = await alice.write(room, "Keep this")
    async with bob.wire(room) as bobs:
        await alice.call("DELETE", path)
        await bobs.hear("room_removed")
        await alice.call("POST", f"{path}/restore")
        added = await bobs.hear("room_added")
        joined = await bobs.ask("join_room", room_id=room)

    assert (added.room_id, added.data["role"]) == (room, "member")
    assert joined.data["head_seq"] > said["seq"]
    history = (await bob.call("GET", f"{path}/messages")).json()["items"]
    assert [one["content"] for one in history] == ["Keep this"]
