"""Everything that somebody can want changed, each done once while a point is armed.

An act prepares what it needs, is done until its outcome is known, and notes what was acknowledged.
"""

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import quote

import httpx

from hubbub_client.frames import Frame, Json, Refused
from libs.common.contracts.facts import SESSION_REVOKED, USER_REGISTERED, USER_UPDATED
from tests.chaos.crashes.hands import MARK_READ
from tests.chaos.crashes.person import Person
from tests.chaos.crashes.scene import Scene
from tests.chaos.crashes.settled import settled

PARTY: Final = "\U0001f389"

GONE: Final = ("not_found", "not_member", "forbidden", "session_revoked", "unauthenticated")
"""What is heard by those who are not there any more."""

Do = Callable[[Scene], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Act:
    """`kind` is what a process has in its hands then; `prepare` is done before a point is armed."""

    kind: str
    do: Do
    prepare: Do | None = None


async def post(scene: Scene) -> None:
    await scene.say("act")


async def post_over_http(scene: Scene) -> None:
    one = f"{scene.called}-act"
    path = f"/v1/rooms/{scene.room_id}/messages"
    said = await scene.alice.call("POST", path, {"content": one}, key=one)
    scene.note("message", {"client_msg_id": one}, said["message"]["seq"])


async def edit(scene: Scene) -> None:
    wanted = {"content": f"{scene.called} edited", "expected_rev": 1}
    ack = await _ask(scene, "edit_message", wanted, done_before=_in_conflict)
    scene.note("message_edited", _edited(scene), ack.data.get("seq"))


async def edit_over_http(scene: Scene) -> None:
    body = {"content": f"{scene.called} edited"}
    await scene.alice.call("PATCH", _message(scene), body, key=f"{scene.called}-edit")
    scene.note("message_edited", _edited(scene))


async def delete(scene: Scene) -> None:
    ack = await _ask(scene, "delete_message", {})
    scene.note("message_deleted", {"id": scene.message_id}, ack.data["seq"])


async def delete_over_http(scene: Scene) -> None:
    await scene.alice.call("DELETE", _message(scene), key=f"{scene.called}-delete")
    scene.note("message_deleted", {"id": scene.message_id})


async def react(scene: Scene, *, type_: str, tells: str) -> None:
    ack = await _ask(scene, type_, {"emoji": PARTY})
    scene.note(tells, _reaction(scene), ack.data.get("seq"))


async def react_over_http(scene: Scene, *, method: str, tells: str) -> None:
    await scene.alice.call(method, f"{_message(scene)}/reactions/{quote(PARTY)}")
    scene.note(tells, _reaction(scene))


async def read(scene: Scene) -> None:
    """Let Bob read all; that leaves no entry, so it is looked for here."""
    data: Json = {"room_id": scene.room_id, "seq": len(scene.done)}
    ack = await settled(lambda: scene.bob.client.ask("read", data))
    assert ack.data["read_seq"] == len(scene.done)
    await _is_read(scene)


async def read_over_http(scene: Scene) -> None:
    path = f"/v1/rooms/{scene.room_id}/read"
    answer = await scene.bob.call("PUT", path, {"seq": len(scene.done)})
    assert answer["read_seq"] == len(scene.done)
    await _is_read(scene)


async def rename_room(scene: Scene) -> None:
    title = f"{scene.called} renamed"
    await scene.alice.call("PATCH", f"/v1/rooms/{scene.room_id}", {"title": title})
    scene.note("room_updated", {"title": title})


async def join(scene: Scene) -> None:
    await scene.charlie.call("POST", f"/v1/rooms/{scene.room_id}/join")
    await scene.enter(scene.charlie)


async def promote(scene: Scene) -> None:
    await scene.alice.call("PUT", _bob(scene), {"role": "admin"})
    scene.note("member_updated", {"person": {"id": scene.bob.id}, "role": "admin"})


async def leave(scene: Scene) -> None:
    await _once(lambda: scene.bob.api.call("POST", f"/v1/rooms/{scene.room_id}/leave"))
    _bob_is_out(scene, "left")


async def remove(scene: Scene) -> None:
    await _once(lambda: scene.alice.api.call("DELETE", _bob(scene)))
    _bob_is_out(scene, "removed")


async def make_room(scene: Scene) -> None:
    """Make another room, and go on there."""
    await scene.make_room(f"{scene.called}-anew")


async def delete_room(scene: Scene) -> None:
    room = f"/v1/rooms/{scene.room_id}"
    await _once(lambda: scene.alice.api.call("DELETE", room))
    scene.note("room_deleted", {"state": "deleted"})
    scene.is_gone = True
    scene.out = dict.fromkeys(scene.since, len(scene.done))


async def register(scene: Scene) -> None:
    """Let somebody make an account, who comes in in Charlie's place."""
    known = scene.charlie
    await known.disconnect()
    name = f"{scene.called}-newcomer"
    scene.charlie = await Person.register(known.api.url, known.socket_url, name)
    await scene.charlie.connect()
    await join(scene)


async def rename(scene: Scene) -> None:
    """Give Charlie, who is in the room, another name."""
    name = f"Charlie of {scene.called}"
    await scene.charlie.call("PATCH", "/v1/me", {"name": name})
    scene.note("member_updated", {"person": {"id": scene.charlie.id, "name": name}})


async def log_out(scene: Scene) -> None:
    """End one session of Charlie's: its device is cut off, the other one is not."""
    device = await scene.charlie.on_another_device()
    await _once(lambda: device.api.call("POST", "/v1/auth/logout"))
    assert await device.is_cut_off(), "a device hears things whose session has ended"
    await device.close()


async def write_at_once(scene: Scene) -> None:
    """Let Charlie join, while rooms dies before it can tell, and write before that is known."""
    with contextlib.suppress(Refused, httpx.HTTPError):
        await scene.charlie.api.join(scene.room_id)
    await scene.say("at-once", who=scene.charlie)
    await join(scene)


ADD: Final = partial(react, type_="add_reaction", tells="reaction_added")
TAKE: Final = partial(react, type_="remove_reaction", tells="reaction_removed")
PUT: Final = partial(react_over_http, method="PUT", tells="reaction_added")
DROP: Final = partial(react_over_http, method="DELETE", tells="reaction_removed")

BY_SOCKET: Final[Mapping[str, Act]] = {
    "post": Act("post", post),
    "edit": Act("edit", edit),
    "delete": Act("delete", delete),
    "react": Act("add_reaction", ADD),
    "take a reaction back": Act("remove_reaction", TAKE, prepare=ADD),
    "read": Act(MARK_READ, read),
}

BY_HTTP: Final[Mapping[str, Act]] = {
    "post": Act("post", post_over_http),
    "edit": Act("edit", edit_over_http),
    "delete": Act("delete", delete_over_http),
    "react": Act("add_reaction", PUT),
    "take a reaction back": Act("remove_reaction", DROP, prepare=ADD),
    "read": Act(MARK_READ, read_over_http),
}

IN_ROOMS: Final[Mapping[str, Act]] = {
    "make a room": Act("project_room", make_room),
    "rename a room": Act("project_room", rename_room),
    "join": Act("project_member", join),
    "give a role": Act("project_member", promote),
    "leave": Act("project_member", leave),
    "put out": Act("project_member", remove),
    "delete a room": Act("project_room", delete_room),
    # Rooms does it by itself, soon after.
    "purge a room": Act("purge_room", delete_room),
}

IN_AUTH: Final[Mapping[str, Act]] = {
    "register": Act(USER_REGISTERED, register),
    "take another name": Act(USER_UPDATED, rename, prepare=join),
    "log out": Act(SESSION_REVOKED, log_out, prepare=join),
}

WRITE_AT_ONCE: Final = Act("post", write_at_once)


async def _ask(
    scene: Scene,
    type_: str,
    more: Json,
    *,
    done_before: Callable[[Refused], Frame | None] | None = None,
) -> Frame:
    data = {"room_id": scene.room_id, "message_id": scene.message_id, **more}
    return await settled(lambda: scene.alice.client.ask(type_, data), done_before=done_before)


async def _once(attempt: Callable[[], Awaitable[Json]]) -> None:
    """Do what cannot be done again: a refusal means that a try nobody heard of has done it."""
    await settled(attempt, done_before=lambda refusal: {} if refusal.code in GONE else None)


def _in_conflict(refusal: Refused) -> Frame | None:
    """An edit that names its revision was made by the try that nobody heard of."""
    return Frame("ack") if refusal.code == "conflict" else None


async def _is_read(scene: Scene) -> None:
    unread = await scene.bob.call("GET", "/v1/me/unread")
    (mine,) = [one for one in unread["items"] if one["room_id"] == scene.room_id]
    assert mine["read_seq"] == len(scene.done)


def _message(scene: Scene) -> str:
    return f"/v1/messages/{scene.message_id}"


def _bob(scene: Scene) -> str:
    return f"/v1/rooms/{scene.room_id}/members/{scene.bob.id}"


def _edited(scene: Scene) -> Json:
    return {"id": scene.message_id, "content": f"{scene.called} edited", "rev": 2}


def _reaction(scene: Scene) -> Json:
    return {"message_id": scene.message_id, "emoji": PARTY, "person": {"id": scene.alice.id}}


def _bob_is_out(scene: Scene, reason: str) -> None:
    scene.note("member_left", {"person": {"id": scene.bob.id}, "reason": reason})
    scene.out[scene.bob.name] = len(scene.done)
