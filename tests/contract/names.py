"""Who and what the samples are about."""

from typing import Final
from uuid import UUID

from libs.common.contracts.ids import MessageId, PersonId, RoomId
from libs.common.contracts.people import Person, PersonKind

ROOM: Final = RoomId(UUID("0190b5a0-0000-7000-8000-00000000000a"))
MESSAGE: Final = MessageId(UUID("0190b5a0-0000-7000-8000-00000000000b"))
ALICE: Final = Person(
    PersonKind.USER, PersonId(UUID("0190b5a0-0000-7000-8000-0000000000a1")), "Alice"
)
BOB: Final = Person(PersonKind.USER, PersonId(UUID("0190b5a0-0000-7000-8000-0000000000b0")), "Bob")
