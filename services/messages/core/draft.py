"""One room's state while the commands of a batch are decided, one after the other.

Nothing in it is true before the store has written it. A draft starts from what is `Known`, never
changes that, and ends as a `Change`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from msgspec import structs

from libs.common.contracts.ids import MessageId, PersonId, RoomId, Seq
from libs.common.contracts.people import Person
from libs.common.errors import NotFound
from services.messages.core.habits import Habits, Taken
from services.messages.core.limits import Limits
from services.messages.core.pace import Pace
from services.messages.model.changes import Change, CommandKey, EmojiOf, Known, Outcome
from services.messages.model.log import Detail, Entry, EntryKind, Message
from services.messages.model.rooms import Member


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the decisions of one batch share.

    `now` is in seconds since 1970, `now_ns` of a clock that never goes back.
    """

    now: float
    now_ns: int
    limits: Limits
    habits: Habits
    new_id: Callable[[], MessageId]


class Draft:
    """See the module. `head_seq` is the seq of the newest entry, written or not yet."""

    def __init__(self, room_id: RoomId, known: Known, *, pace: Pace, around: Circumstances) -> None:
        self.room_id = room_id
        self.known = known
        self.room = known.room
        self.head_seq = known.room.head_seq if known.room else Seq(0)
        self.pace = pace
        self.taken = Taken()
        self.around = around
        self.change = Change(room_id, based_on=known.room, room=known.room)
        self._messages: dict[MessageId, Message] = {}
        self._emoji: dict[EmojiOf, frozenset[str]] = {}

    @property
    def next_seq(self) -> Seq:
        return Seq(self.head_seq + 1)

    def member(self, person_id: PersonId) -> Member | None:
        """Return how somebody stands now, None if they are not in."""
        changed = self.change.members
        if changed and person_id in changed:
            return changed[person_id]
        return self.known.members.get(person_id)

    def is_in(self, person_id: PersonId) -> bool:
        member = self.member(person_id)
        return member is not None and member.role is not None

    def outcome(self, key: CommandKey) -> Outcome | None:
        """Return what the command came to when it was obeyed before, in this batch or another."""
        # To hash a key costs more than all the rest, and mostly neither has any.
        ours, known = self.change.outcomes, self.known.outcomes
        return (ours.get(key) if ours else None) or (known.get(key) if known else None)

    def message(self, message_id: MessageId) -> Message:
        """Return a message of this room, deleted or not.  Raises: NotFound."""
        message = self._messages.get(message_id) or self.known.messages.get(message_id)
        if message is None:
            raise NotFound
        return message

    def living_message(self, message_id: MessageId) -> Message:
        """Return a message that was not deleted.  Raises: NotFound."""
        message = self.message(message_id)
        if message.deleted_at is not None:
            raise NotFound
        return message

    def emoji_of(self, message_id: MessageId, person_id: PersonId) -> frozenset[str]:
        """Return which emoji somebody has on a message."""
        key = (message_id, person_id)
        if key in self._emoji:
            return self._emoji[key]
        return self.known.emoji.get(key, frozenset())

    def set_emoji(self, message_id: MessageId, person_id: PersonId, emoji: frozenset[str]) -> None:
        """Let the commands that follow find these emoji."""
        self._emoji[message_id, person_id] = emoji

    def append(
        self,
        kind: EntryKind,
        actor: Person,
        *,
        message: Message | None = None,
        detail: Detail = None,
    ) -> Entry:
        """Append an entry to the log; it takes `next_seq`."""
        self.head_seq = self.next_seq
        entry = Entry(self.room_id, self.head_seq, kind, self.around.now, actor, message, detail)
        self.change.entries.append(entry)
        if message is not None:
            self._messages[message.id] = message
        return entry

    def finish(self) -> None:
        """Put the room as it is now into the change."""
        if self.room is not None:
            self.change.room = structs.replace(self.room, head_seq=self.head_seq)
