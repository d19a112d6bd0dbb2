"""What the messages service is told of a room: written with the change itself, sent after it.

The commands of one room leave in the order of its versions. Told twice they change nothing: the
version is old then.
"""

from typing import Final

from libs.common import outbox, tracing
from libs.common.contracts.commands import (
    COMMAND_BATCH,
    Command,
    ProjectMember,
    ProjectRoom,
    PurgeRoom,
    encode_commands,
    kind_of,
    write_payload,
)
from libs.common.contracts.ids import CommandId, ConnectionId, RoomId
from libs.common.contracts.people import Person
from libs.common.outbox import OutboxRow
from libs.common.postgres import Connection
from services.rooms.model import Room

NEVER: Final = 32_503_680_000.0
"""The year 3000: what rooms tells stays worth obeying."""


def room_now(room: Room) -> ProjectRoom:
    """Return what the messages service must know of a room."""
    return ProjectRoom(
        version=room.version,
        kind=room.kind,
        state=room.state,
        title=room.title,
        topic=room.topic,
        slow_mode_s=room.slow_mode_s,
        opens_at=room.opens_at,
        closes_at=room.closes_at,
        is_locked=room.is_locked or None,
        is_archived=room.archived_at is not None or None,
    )


async def tell(
    connection: Connection,
    room_id: RoomId,
    actor: Person,
    change: ProjectRoom | ProjectMember | PurgeRoom,
) -> None:
    """Let the messages service know of a change that `actor` made, if it is committed."""
    trace = tracing.current()
    command = Command(
        kind=kind_of(change),
        subject=room_id,
        actor=actor,
        command_id=CommandId(f"{room_id}:{change.version}"),
        ref=None,
        origin="",
        connection=ConnectionId(""),
        request_id=trace.request_id if trace else "",
        traceparent=trace.traceparent if trace else "",
        deadline=NEVER,
        payload=write_payload(change),
    )
    body = encode_commands([command])
    await outbox.put(connection, OutboxRow(str(room_id), COMMAND_BATCH, body))
