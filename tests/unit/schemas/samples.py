"""A frame of every type, as the server writes it; of some, with and without what may be missing."""

from typing import Any, Final
from uuid import UUID

from libs.common.contracts import frames, muting
from libs.common.contracts.frames import MessageShown, PersonShown, PresenceShown
from libs.common.contracts.ids import ConnectionId, Epoch, MessageId, PersonId, RoomId, Seq
from libs.common.contracts.people import PersonKind, RoomRole
from libs.common.contracts.rooms import Departure, RoomKind, RoomState
from libs.common.errors import ChatError, TooMany
from services.gateway.frames import heard

TS: Final = "2026-03-01T10:00:00.000Z"
EPOCH: Final = Epoch("e1")
ROOM: Final = RoomId(UUID(int=1))
MESSAGE: Final = MessageId(UUID(int=2))
ALICE_ID: Final = PersonId(UUID(int=3))
ALICE: Final = PersonShown(kind=PersonKind.USER, id=ALICE_ID, name="Alice")

LIMITS: Final = heard.LimitsShown.model_validate(dict.fromkeys(heard.LimitsShown.model_fields, 1))
STANDING: Final = heard.StandingShown(
    room_id=ROOM,
    epoch=EPOCH,
    head_seq=Seq(2),
    read_seq=Seq(1),
    unread=1,
    mentions=0,
    role=RoomRole.MEMBER,
)
TEA: Final = MessageShown(
    id=MESSAGE, author=ALICE, content="Tea?", created_at=TS, rev=1, client_msg_id="k1"
)
ROOM_SHOWN: Final = frames.RoomShown(
    kind=RoomKind.PUBLIC, state=RoomState.OPEN, title="Tea", topic="", slow_mode_s=0
)


HOUR_SHOWN: Final = ROOM_SHOWN.model_copy(
    update={"state": RoomState.CLOSED, "opens_at": TS, "closes_at": TS, "is_locked": True}
)


def own_frames() -> list[heard.Spoken]:
    """Return what the gateway says itself."""
    return [
        heard.Hello(
            data=heard.HelloShown(
                connection_id=ConnectionId("c1"),
                server_time=TS,
                auth_timeout_ms=1,
                heartbeat_ms=1,
                limits=LIMITS,
            )
        ),
        heard.Ready(
            ref="r1",
            data=heard.ReadyShown(
                person=ALICE,
                session_id=None,
                expires_at=TS,
                rooms=(STANDING, STANDING.model_copy(update={"role": None})),
                presence_state="invisible",
            ),
        ),
        heard.Resumed(
            data=heard.ResumedShown(
                rooms=(
                    heard.Recovered(room_id=ROOM, from_seq=Seq(1), to=Seq(2)),
                    heard.NotRecovered(room_id=ROOM, reason="unavailable"),
                )
            )
        ),
        joined(),
        joined(role=None, online=(), online_count=None),
        joined(states=(PresenceShown(person_id=ALICE_ID, state="away", status_text="Tea", rev=1),)),
        heard.RoomLeft(data=heard.RoomLeftShown(room_id=ROOM, reason="client")),
        heard.Gap(
            room_id=ROOM,
            data=heard.GapShown(from_seq=Seq(1), to_seq=Seq(2), reason="too_many"),
        ),
        heard.Pong(data=heard.PongShown(server_time=TS, pressure=2)),
        heard.RoomHead(room_id=ROOM, data=heard.HeadShown(head_seq=Seq(9), unread=2, mentions=1)),
        heard.TokenExpiring(data=heard.TokenExpiringShown(expires_at=TS)),
        heard.Reconnect(data=heard.ReconnectShown(reason="drain", after_ms=1)),
        heard.Acked(ref="r1"),
        heard.Acked(ref="r1", data={"expires_at": TS}),
        heard.Refused.because(TooMany(retry_after_ms=5, fields={"content": "too soon"}), "r1"),
        heard.Refused.because(ChatError(error_id="x", until=TS, first_available_seq=1), None),
    ]


def joined(**other: Any) -> heard.RoomJoined:
    shown: dict[str, Any] = {
        "room_id": ROOM,
        "epoch": EPOCH,
        "head_seq": Seq(2),
        "read_seq": Seq(1),
        "role": RoomRole.MEMBER,
        "recovered": True,
        "online": (ALICE_ID,),
        "online_count": 1,
    }
    return heard.RoomJoined(ref="r1", data=heard.JoinedShown.model_validate(shown | other))


def entries() -> list[frames.Durable]:
    """Return one of each kind of entry, and a message with everything that it may have."""
    answered = TEA.model_copy(
        update={
            "edited_at": TS,
            "deleted_at": TS,
            "reply_to": MESSAGE,
            "thread_root": MESSAGE,
            "mentions": (ALICE_ID,),
        }
    )
    reaction = frames.ReactionShown(message_id=MESSAGE, person=ALICE, emoji="+1")
    member = frames.MemberShown(person=ALICE, role=RoomRole.MEMBER)
    gone = frames.MemberShown(person=ALICE, reason=Departure.REMOVED)
    edit = frames.EditShown(id=MESSAGE, content="", rev=2, by=ALICE_ID, edited_at=TS)
    deletion = frames.DeletionShown(id=MESSAGE, by=ALICE_ID, deleted_at=TS)
    here = {"ts": TS, "room_id": ROOM, "seq": Seq(2)}
    return [
        frames.MessageFrame.model_validate(here | {"data": TEA}),
        frames.MessageFrame.model_validate(here | {"data": answered}),
        frames.MessageEdited.model_validate(here | {"data": edit}),
        frames.MessageDeleted.model_validate(here | {"data": deletion}),
        frames.ReactionAdded.model_validate(here | {"data": reaction}),
        frames.ReactionRemoved.model_validate(here | {"data": reaction}),
        frames.MemberJoined.model_validate(here | {"data": member}),
        frames.MemberUpdated.model_validate(here | {"data": member}),
        frames.MemberLeft.model_validate(here | {"data": gone}),
        frames.RoomUpdated.model_validate(here | {"data": ROOM_SHOWN}),
        frames.RoomOpened.model_validate(here | {"data": ROOM_SHOWN}),
        frames.RoomClosed.model_validate(here | {"data": HOUR_SHOWN}),
        frames.RoomDeleted.model_validate(here | {"data": ROOM_SHOWN}),
    ]


def passed_on() -> list[frames.Frame]:
    """Return what the owners of facts say beside entries."""
    away = PresenceShown(person_id=ALICE_ID, state="offline", last_seen=TS, rev=1)
    typing = frames.TypingShown(person_id=ALICE_ID, is_typing=True, expires_in_ms=6_000)
    card = frames.RoomCard(
        room_id=ROOM, kind=RoomKind.PRIVATE, title="", topic="", role=RoomRole.OWNER
    )
    return [
        frames.RoomAdded(ts=TS, room_id=ROOM, data=card),
        frames.RoomRemoved(
            ts=TS, room_id=ROOM, data=frames.RemovalShown(room_id=ROOM, reason="deleted")
        ),
        muting.Muted(
            ts=TS, room_id=ROOM, data=muting.MuteShown(room_id=ROOM, is_muted=True, until=TS)
        ),
        frames.Receipt(
            ts=TS, room_id=ROOM, data=frames.ReceiptShown(person_id=ALICE_ID, read_seq=Seq(1))
        ),
        frames.Presence(ts=TS, data=away),
        frames.RoomPresence(
            ts=TS, room_id=ROOM, data=frames.RoomPresenceShown(users=(away,), online_count=1)
        ),
        frames.Typing(ts=TS, room_id=ROOM, data=typing),
        frames.Ack(ts=TS, ref="r1", data={"state": "dnd"}),
        frames.ErrorFrame(ts=TS, ref="r1", data=TooMany().body()),
    ]


def written() -> list[bytes]:
    """Return all of them as they go out."""
    events = [entry.encode() for entry in entries()]
    answer = heard.events_frame(events, ref="r1", room_id=ROOM, head_seq=Seq(2), more=False, ts=TS)
    return [
        *(frame.stamped(TS) for frame in own_frames()),
        *events,
        answer,
        *(frame.encode() for frame in passed_on()),
    ]
