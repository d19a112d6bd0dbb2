"""One frame of each kind, as it goes over the wire: Bob has tea with Alice.

They are in the AsyncAPI document, and whoever plays a server for a client's tests takes from them
what a transcript leaves out. A test reads each with the models.
"""

from collections.abc import Mapping
from typing import Any, Final

Example = dict[str, Any]

ALICE_ID: Final = "0190b5a0-0000-7000-8000-000000000001"
BOB_ID: Final = "0190b5a0-0000-7000-8000-000000000002"
ROOM: Final = "0190b5a0-0000-7000-8000-00000000000a"
MESSAGE: Final = "0190b5a0-0000-7000-8000-0000000000f1"
EPOCH: Final = "6f0f2a6c"
TS: Final = "2026-03-01T10:00:00.000Z"
LATER: Final = "2026-03-01T10:15:00.000Z"
BEARER: Final = "header.claims.signature"

CURSOR: Final[Example] = {"room_id": ROOM, "seq": 3, "epoch": EPOCH}
ALICE: Final[Example] = {"kind": "user", "id": ALICE_ID, "name": "Alice"}
BOB: Final[Example] = {"kind": "user", "id": BOB_ID, "name": "Bob"}
AWAY: Final[Example] = {"person_id": ALICE_ID, "state": "away", "status_text": "lunch", "rev": 18}
OF_IT: Final[Example] = {"room_id": ROOM, "message_id": MESSAGE}
TEA: Final[Example] = {
    "id": MESSAGE,
    "author": ALICE,
    "content": "Tea?",
    "format": "markdown",
    "created_at": TS,
    "rev": 1,
    "attachments": [],
    "mentions": [],
    "client_msg_id": "k-1",
}
TEAROOM: Final[Example] = {
    "kind": "public",
    "state": "open",
    "title": "Tea",
    "topic": "Leaves",
    "slow_mode_s": 0,
    "is_locked": False,
}


def _said(type_: str, **data: object) -> Example:
    return {"type": type_, "ref": "1", "data": data}


def _told(type_: str, **data: object) -> Example:
    """Return a frame that says nothing of a room, or of one inside `data`."""
    return {"type": type_, "ts": TS, "data": data}


def _reply(type_: str, **data: object) -> Example:
    return {"type": type_, "ts": TS, "ref": "1", "data": data}


def _entry(type_: str, data: Example) -> Example:
    return {"type": type_, "ts": TS, "room_id": ROOM, "seq": 4, "data": data}


def _signal(type_: str, **data: object) -> Example:
    return {"type": type_, "ts": TS, "room_id": ROOM, "data": data}


SAID: Final[Mapping[str, Example]] = {
    "Auth": _said("auth", token=BEARER, resume=[CURSOR]),
    "Refresh": _said("refresh", token=BEARER),
    "JoinRoom": _said("join_room", room_id=ROOM, after_seq=3, epoch=EPOCH),
    "Resume": _said("resume", rooms=[CURSOR]),
    "LeaveRoom": _said("leave_room", room_id=ROOM),
    "SendMessage": _said("send_message", room_id=ROOM, client_msg_id="k-1", content="Tea?"),
    "EditMessage": _said("edit_message", **OF_IT, content="Green tea?", expected_rev=1),
    "DeleteMessage": _said("delete_message", **OF_IT),
    "AddReaction": _said("add_reaction", **OF_IT, emoji="🍵"),
    "RemoveReaction": _said("remove_reaction", **OF_IT, emoji="🍵"),
    "Read": _said("read", room_id=ROOM, seq=4),
    "Typing": {"type": "typing", "data": {"room_id": ROOM, "is_typing": True}},
    "SetPresence": _said("set_presence", state="away", status_text="lunch"),
    "Sync": _said("sync", room_id=ROOM, after_seq=3, limit=200),
    "Ping": {"type": "ping", "data": {}},
}
"""By the names of the models in `services/gateway/frames/said.py`."""

HEARD: Final[Mapping[str, Example]] = {
    "Hello": _told(
        "hello",
        connection_id="c7c0",
        server_time=TS,
        auth_timeout_ms=5_000,
        heartbeat_ms=25_000,
        limits={
            "frame_bytes": 65_536,
            "auth_frame_bytes": 32_768,
            "content_chars": 4_000,
            "content_bytes": 16_384,
            "rooms_attached": 200,
            "connections_per_person": 10,
            "in_flight": 64,
            "commands_per_s": 40.0,
            "commands_burst": 80,
            "sends_per_s": 5.0,
            "sends_burst": 10,
            "room_sends_per_s": 30.0,
            "room_sends_burst": 60,
            "typing_interval_ms": 2_000,
            "replay_events_per_room": 500,
            "sync_limit": 200,
            "backlog_frames": 512,
            "backlog_bytes": 1_048_576,
        },
    ),
    "Ready": _reply(
        "ready",
        person=BOB,
        session_id="0190b5a0-0000-7000-8000-0000000000a1",
        expires_at=LATER,
        rooms=[
            {
                "room_id": ROOM,
                "epoch": EPOCH,
                "head_seq": 4,
                "read_seq": 3,
                "unread": 1,
                "mentions": 0,
                "role": "member",
            }
        ],
        presence_state="online",
    ),
    "RoomJoined": _reply(
        "room_joined",
        room_id=ROOM,
        epoch=EPOCH,
        head_seq=4,
        read_seq=3,
        role="member",
        recovered=True,
        online=[ALICE_ID],
        online_count=1,
        states=[AWAY],
    ),
    "Resumed": _reply("resumed", rooms=[{"room_id": ROOM, "recovered": True, "from": 3, "to": 4}]),
    "RoomLeft": _reply("room_left", room_id=ROOM, reason="client"),
    "Ack": _reply("ack", message_id=MESSAGE, seq=4, ts=TS, duplicate=False),
    "Events": {
        "type": "events",
        "ts": TS,
        "ref": "1",
        "room_id": ROOM,
        "data": {"events": [_entry("message", TEA)], "head_seq": 4, "more": False},
    },
    "Pong": _reply("pong", server_time=TS, pressure=0),
    "ErrorFrame": _reply(
        "error",
        code="slow_mode",
        message="This room is in slow mode. Wait a moment.",
        retryable=False,
        retry_after_ms=4_000,
    ),
    "MessageFrame": _entry("message", TEA),
    "MessageEdited": _entry(
        "message_edited",
        {"id": MESSAGE, "content": "Green tea?", "rev": 2, "by": ALICE_ID, "edited_at": TS},
    ),
    "MessageDeleted": _entry("message_deleted", {"id": MESSAGE, "by": ALICE_ID, "deleted_at": TS}),
    "ReactionAdded": _entry(
        "reaction_added", {"message_id": MESSAGE, "person": BOB, "emoji": "🍵"}
    ),
    "ReactionRemoved": _entry(
        "reaction_removed", {"message_id": MESSAGE, "person": BOB, "emoji": "🍵"}
    ),
    "MemberJoined": _entry("member_joined", {"person": BOB, "role": "member"}),
    "MemberUpdated": _entry("member_updated", {"person": BOB, "role": "admin"}),
    "MemberLeft": _entry("member_left", {"person": BOB, "reason": "removed"}),
    "RoomUpdated": _entry("room_updated", TEAROOM),
    "RoomOpened": _entry("room_opened", TEAROOM | {"opens_at": TS}),
    "RoomClosed": _entry("room_closed", TEAROOM | {"state": "closed", "closes_at": TS}),
    "RoomDeleted": _entry("room_deleted", TEAROOM | {"state": "deleted"}),
    "RoomAdded": _signal(
        "room_added", room_id=ROOM, kind="public", title="Tea", topic="Leaves", role="member"
    ),
    "RoomRemoved": _signal("room_removed", room_id=ROOM, reason="removed"),
    "Muted": _signal("muted", room_id=ROOM, is_muted=True, until=LATER),
    "Receipt": _signal("receipt", person_id=ALICE_ID, read_seq=4),
    "Presence": _told("presence", **AWAY),
    "RoomPresence": _signal("presence", users=[AWAY], online_count=1),
    "Typing": _signal("typing", person_id=ALICE_ID, is_typing=True, expires_in_ms=6_000),
    "RoomHead": _signal("room_head", head_seq=4, unread=1, mentions=0),
    "Gap": _signal("gap", from_seq=1, to_seq=600, reason="too_many"),
    "TokenExpiring": _told("token_expiring", expires_at=LATER),
    "Reconnect": _told("reconnect", reason="drain", after_ms=3_100),
}
"""By the names of the models in `services/gateway/frames/heard.py` and those of what is passed on,
`libs/common/contracts/frames.py`.
"""
