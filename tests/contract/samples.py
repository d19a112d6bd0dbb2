"""One sample of everything that travels between services.

`python -m tests.contract.samples` writes a golden file for each sample that has none yet. A
golden file that is there is never changed: it stands for what an older release has left in a
queue.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from libs.common.contracts.commands import (
    PERSON_PAYLOADS,
    ROOM_PAYLOADS,
    AddReaction,
    Command,
    CompleteReport,
    DeleteMessage,
    EditMessage,
    EraseWords,
    LeaseChange,
    MarkRead,
    Payload,
    PostMessage,
    ProjectMember,
    ProjectRoom,
    PurgeRoom,
    RemoveReaction,
    ReportLease,
    SetPresence,
    SetPrivacy,
    decode_commands,
    encode_commands,
    kind_of,
    read_payload,
    write_payload,
)
from libs.common.contracts.events import (
    Answer,
    Personal,
    RoomEvent,
    RoomHead,
    RosterStarted,
    Signal,
    decode_answers,
    decode_events,
    decode_heads,
    decode_personal,
    decode_rosters,
    decode_signals,
    encode_batch,
)
from libs.common.contracts.facts import (
    BLOCK_CHANGED,
    KEYS_ROTATED,
    SESSION_REVOKED,
    USER_REGISTERED,
    USER_UPDATED,
    BlockChanged,
    Fact,
    KeysRotated,
    SessionRevoked,
    UserChanged,
    decode_fact,
    encode_fact,
)
from libs.common.contracts.ids import (
    CommandId,
    ConnectionId,
    Seq,
    SessionId,
)
from libs.common.contracts.people import PersonKind, RoomRole, SystemRole
from libs.common.contracts.rooms import Departure, RoomKind, RoomState
from tests.contract.bodies import BODIES
from tests.contract.names import ALICE, BOB, MESSAGE, ROOM

GOLDEN: Final = Path(__file__).parent / "golden"

PAYLOADS: Final[tuple[Payload, ...]] = (
    PostMessage("Grüß dich 👋", reply_to=MESSAGE),
    EditMessage(MESSAGE, "better", expected_rev=1),
    DeleteMessage(MESSAGE),
    AddReaction(MESSAGE, "🎉"),
    RemoveReaction(MESSAGE, "🎉"),
    MarkRead(Seq(41)),
    ProjectRoom(1, RoomKind.PUBLIC, RoomState.OPEN, "Lobby", "Everybody", slow_mode_s=0),
    ProjectMember(2, BOB, RoomRole.MEMBER),
    ProjectMember(3, BOB, None, departure=Departure.REMOVED),
    ReportLease(LeaseChange.OPENED, ConnectionId("c-1"), "gw.1", rooms=(ROOM,)),
    SetPresence("away", status_text="lunch"),
    CompleteReport("gw.1", shard=3),
    EraseWords(MESSAGE, emoji="🎉"),
    ProjectRoom(
        4,
        RoomKind.GUEST,
        RoomState.SCHEDULED,
        "Hour",
        "",
        slow_mode_s=5,
        opens_at=1_700_000_000.0,
        closes_at=1_700_003_600.0,
        is_locked=True,
        is_archived=True,
    ),
    ProjectMember(5, BOB, RoomRole.MEMBER, muted_until=1_700_000_600.0, is_blocked=True),
    ProjectMember(6, BOB, None, departure=Departure.BANNED, banned_until=1_700_000_600.0),
    PurgeRoom(7),
    SetPrivacy("nobody"),
    ProjectMember(8, BOB, RoomRole.GUEST, formerly=ALICE.id),
)

FACTS: Final[tuple[tuple[str, Fact], ...]] = (
    (
        USER_REGISTERED,
        UserChanged(
            BOB.id,
            PersonKind.USER,
            "Bob",
            SystemRole.MEMBER,
            False,
            version=3,
            avatar=f"/v1/users/{BOB.id}/avatar?v=3",
        ),
    ),
    (
        USER_UPDATED,
        UserChanged(ALICE.id, PersonKind.USER, "Alice", SystemRole.OWNER, False, version=2),
    ),
    (
        SESSION_REVOKED,
        SessionRevoked(SessionId(UUID(int=7)), ALICE.id, until=1_700_000_900.0, reason="logout"),
    ),
    (KEYS_ROTATED, KeysRotated("key-2")),
    (BLOCK_CHANGED, BlockChanged(ALICE.id, BOB.id, is_blocked=True, version=4)),
)

BATCHES: Final[dict[str, tuple[Any, Callable[[bytes], Any]]]] = {
    "events": (
        [RoomEvent(ROOM, Seq(7), b'{"type":"member_left"}', str(BOB.id), "removed")],
        decode_events,
    ),
    "signals": (
        [Signal(ROOM, "typing", BOB.id, b'{"type":"typing"}', ConnectionId("c-1"))],
        decode_signals,
    ),
    "personal": ([Personal(BOB.id, "room_added", b'{"type":"room_added"}', ROOM)], decode_personal),
    "heads": ([RoomHead(ROOM, Seq(7))], decode_heads),
    "rosters": ([RosterStarted(UUID(int=9))], decode_rosters),
    "answers": ([Answer(ConnectionId("c-1"), "1", b'{"type":"ack"}')], decode_answers),
}


def envelope(payload: Payload) -> Command:
    """Return the payload in an envelope as Alice's gateway would send it."""
    return Command(
        kind=kind_of(payload),
        subject=ROOM,
        actor=ALICE,
        command_id=CommandId("c-0001"),
        ref="1",
        origin="gw.1.1",
        connection=ConnectionId("c-1"),
        request_id="r-1",
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        deadline=1_700_000_010.0,
        payload=write_payload(payload),
    )


def samples() -> dict[str, tuple[bytes, Callable[[bytes], Any], Any]]:
    """Return, by name, the bytes that go out today, how they are read, and what must come out."""
    found: dict[str, tuple[bytes, Callable[[bytes], Any], Any]] = {}
    for number, payload in enumerate(PAYLOADS):
        name = f"command-{number}-{kind_of(payload)}"
        found[name] = (encode_commands([envelope(payload)]), read_one_command, payload)
    for key, fact in FACTS:
        found[f"fact-{key}"] = (
            encode_fact(fact),
            lambda body, key=key: decode_fact(key, body),  # type: ignore[misc]
            fact,
        )
    for name, (batch, decode) in BATCHES.items():
        found[f"batch-{name}"] = (encode_batch(batch), decode, batch)
    for name, sample in BODIES.items():
        found[f"body-{name}"] = sample
    return found


def read_one_command(body: bytes) -> Payload:
    [command] = decode_commands(body)
    return read_payload(command, ROOM_PAYLOADS | PERSON_PAYLOADS)


def main() -> None:
    for name, (body, _, _) in samples().items():
        path = GOLDEN / f"{name}.hex"
        if not path.exists():
            path.write_text(body.hex() + "\n")


if __name__ == "__main__":
    main()
