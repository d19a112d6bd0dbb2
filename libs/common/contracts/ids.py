"""Names for ids, so that one kind is never handed in where another is meant.

Ids are UUIDs, unique over the whole system; a `PersonId` is unique over users, guests, bots and the
system itself. A `Seq` is a position in one room's log: 1, 2, 3 without holes.
"""

from typing import NewType
from uuid import UUID

PersonId = NewType("PersonId", UUID)
SessionId = NewType("SessionId", UUID)
RoomId = NewType("RoomId", UUID)
MessageId = NewType("MessageId", UUID)

CommandId = NewType("CommandId", str)
"""What makes a repeat harmless: for a post the client's own `client_msg_id`."""

ConnectionId = NewType("ConnectionId", str)
Seq = NewType("Seq", int)
Epoch = NewType("Epoch", str)
"""Changes only when a room's history may have been rewound: a cursor of another epoch is void."""
