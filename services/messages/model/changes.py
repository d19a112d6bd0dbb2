"""What the write path hands from room to room: known, asked, decided.

store.look_up -> Known -> core.decide(asked) -> Change -> store.write
"""

from dataclasses import dataclass, field

import msgspec

from libs.common.contracts.commands import Command, Payload
from libs.common.contracts.ids import CommandId, MessageId, PersonId, RoomId, Seq
from libs.common.contracts.people import SystemRole
from services.messages.model.log import Entry, Message, PastVersion
from services.messages.model.rooms import Absence, Member, Room

CommandKey = tuple[PersonId, CommandId]
"""What names a command within its room."""

EmojiOf = tuple[MessageId, PersonId]
"""One person's reactions to one message."""


class Asked(msgspec.Struct, frozen=True, gc=False):
    """A command that was read. `place` is its place in the batch it came in."""

    place: int
    command: Command
    payload: Payload
    content_hash: bytes
    is_redelivered: bool

    @property
    def key(self) -> CommandKey:
        return self.command.actor.id, self.command.command_id


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the commands to one room may depend on."""

    room_id: RoomId
    people: set[PersonId] = field(default_factory=set)
    keys: set[CommandKey] = field(default_factory=set)
    messages: set[MessageId] = field(default_factory=set)
    emoji: set[EmojiOf] = field(default_factory=set)


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """What a command came to. `seq=None`: it was accepted and changed nothing.

    `entry` is the entry at `seq`. For a delete of what was already deleted that is somebody
    else's.
    """

    kind: str
    content_hash: bytes
    seq: Seq | None
    entry: Entry | None


@dataclass(slots=True)
class Known:
    """What is known of one room when its commands are decided.

    `members` holds None for who is not in. When `is_complete` everything that the commands may
    depend on was read from the database at one moment; otherwise the room is remembered from
    before: good enough to accept upon, since the store compares before it writes, and never good
    enough to refuse upon.
    """

    room: Room | None
    members: dict[PersonId, Member | None]
    is_complete: bool
    absences: dict[PersonId, Absence] = field(default_factory=dict)
    system_roles: dict[PersonId, SystemRole] = field(default_factory=dict)
    messages: dict[MessageId, Message] = field(default_factory=dict)
    emoji: dict[EmojiOf, frozenset[str]] = field(default_factory=dict)
    outcomes: dict[CommandKey, Outcome] = field(default_factory=dict)


@dataclass(slots=True)
class Change:
    """Everything that the commands of one batch do to one room; written whole or not at all.

    `based_on` is the room that the decision was made upon. Dictionaries hold the state afterwards:
    of messages that were edited or deleted, of reactions (the seq that added one, None: taken
    away), of members (None: gone), of read cursors. `is_purged`: nothing is to be left of the room.
    """

    room_id: RoomId
    based_on: Room | None
    room: Room | None
    outcomes: dict[CommandKey, Outcome] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    messages: dict[Seq, Message] = field(default_factory=dict)
    past: list[PastVersion] = field(default_factory=list)
    reactions: dict[tuple[Seq, PersonId, str], Seq | None] = field(default_factory=dict)
    members: dict[PersonId, Member | None] = field(default_factory=dict)
    reads: dict[PersonId, Seq] = field(default_factory=dict)
    is_purged: bool = False
