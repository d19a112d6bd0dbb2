"""A room goes for good, with everything that was written in it.

The command only says so, in the order of the log; what is there is taken away beside the write
path, a part at a time, the head of the log last. Until then the room is one that was deleted.
"""

from msgspec import structs

from libs.common.contracts.commands import Command, PurgeRoom
from libs.common.contracts.rooms import RoomState
from libs.common.errors import NotFound
from services.messages.core.draft import Draft
from services.messages.core.projection import room_shown
from services.messages.model.log import Entry, EntryKind


def purge_room(draft: Draft, command: Command, told: PurgeRoom) -> Entry | None:
    """Let nothing be left of a room; whoever is still in it leaves it first.

    Raises: NotFound, when nothing is left already.
    """
    if draft.room is None:
        raise NotFound
    if told.version <= draft.room.version:
        return None
    was = draft.room.state
    draft.room = structs.replace(draft.room, version=told.version, state=RoomState.DELETED)
    draft.change.is_purged = True
    if was is RoomState.DELETED:
        return None
    return draft.append(EntryKind.ROOM_DELETED, command.actor, detail=room_shown(draft.room))
