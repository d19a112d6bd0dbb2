"""Random commands against a simple model of a room: numbers, answers, repeats, order.

The machine keeps a room as the store would: a decision is written, lost before it was written, or
written by another instance first; and everything that was ever sent may come again at any time.
"""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from libs.common.contracts.commands import (
    AddReaction,
    DeleteMessage,
    EditMessage,
    MarkRead,
    Payload,
    PostMessage,
    ProjectMember,
    RemoveReaction,
)
from libs.common.contracts.ids import MessageId, PersonId, Seq
from libs.common.contracts.people import Person, RoomRole
from libs.common.errors import ChatError
from services.messages.core.decide import Decision, decide
from services.messages.core.pace import Pace
from services.messages.core.wanted import is_enough, wanted_of
from services.messages.model.changes import Asked, CommandKey, Known, Outcome
from services.messages.model.log import Entry, EntryKind, Message
from services.messages.model.rooms import Absence, Member, Room
from tests.support.clock import TEN_O_CLOCK
from tests.unit.messages.builders import ALICE, BOB, CHARLIE, LOBBY, around, asked, room

PEOPLE = (ALICE, BOB, CHARLIE)
EMOJI = ("\U0001f389", "\U0001f680")
ABSENT = Absence(None, is_late=False)


@dataclass
class Stored:
    """A room as the database has it."""

    room: Room
    log: list[Entry] = field(default_factory=list)
    members: dict[PersonId, Member] = field(default_factory=dict)
    messages: dict[MessageId, Message] = field(default_factory=dict)
    emoji: set[tuple[MessageId, PersonId, str]] = field(default_factory=set)
    outcomes: dict[CommandKey, Outcome] = field(default_factory=dict)

    def look_up(self, commands: list[Asked]) -> Known:
        wanted = wanted_of(LOBBY, commands)
        return Known(
            room=self.room,
            members={one: self.members.get(one) for one in wanted.people},
            is_complete=True,
            absences=dict.fromkeys(wanted.people, ABSENT),
            messages={one: self.messages[one] for one in wanted.messages if one in self.messages},
            emoji={
                (message_id, person_id): frozenset(
                    emoji
                    for about, whose, emoji in self.emoji
                    if (about, whose) == (message_id, person_id)
                )
                for message_id, person_id in wanted.emoji
            },
            outcomes={key: self.outcomes[key] for key in wanted.keys if key in self.outcomes},
        )

    def remembered(self, commands: list[Asked]) -> Known | None:
        """Return what an instance remembers that has seen everything, if that is enough."""
        everybody: dict[PersonId, Member | None] = {
            one.id: self.members.get(one.id) for one in PEOPLE
        }
        head_seq = self.room.head_seq
        if not all(is_enough(everybody, one, head_seq=head_seq) for one in commands):
            return None
        return Known(self.room, everybody, is_complete=False)

    def is_fresh(self, decision: Decision) -> bool:
        """Tell what the write statement finds when it compares."""
        change = decision.change
        return change.based_on == self.room and not (change.outcomes.keys() & self.outcomes.keys())

    def write(self, decision: Decision) -> None:
        change = decision.change
        assert change.room is not None
        self.room = change.room
        self.log += change.entries
        self.outcomes |= change.outcomes
        for person_id, member in change.members.items():
            self.members.pop(person_id, None)
            if member is not None:
                self.members[person_id] = member
        for entry in change.entries:
            if entry.kind is EntryKind.MESSAGE and entry.message is not None:
                self.messages[entry.message.id] = entry.message
        by_seq = {message.seq: message.id for message in self.messages.values()}
        for message in change.messages.values():
            self.messages[message.id] = message
        for (seq, person_id, emoji), added in change.reactions.items():
            self.emoji.discard((by_seq[seq], person_id, emoji))
            if added is not None:
                self.emoji.add((by_seq[seq], person_id, emoji))


class RoomMachine(RuleBasedStateMachine):
    """One room, its people, and everything that can go wrong between them."""

    sent = Bundle[Asked]("sent")

    @initialize()
    def begin(self) -> None:
        self.stored = Stored(room(head_seq=Seq(0)))
        self.stored.members[ALICE.id] = Member(ALICE, RoomRole.OWNER)
        self.stored.members[BOB.id] = Member(BOB, RoomRole.MEMBER)
        self.around = around(now=TEN_O_CLOCK)
        self.first_answer: dict[CommandKey, Any] = {}

    @rule(target=sent, person=st.sampled_from(PEOPLE), text=st.text(max_size=3))
    def post(self, person: Person, text: str) -> Asked:
        return asked(person, PostMessage(text))

    @rule(
        target=sent,
        person=st.sampled_from(PEOPLE),
        which=st.integers(min_value=0, max_value=5),
        emoji=st.sampled_from(EMOJI),
        kind=st.sampled_from(["edit", "delete", "react", "unreact", "reply"]),
    )
    def change(self, person: Person, which: int, emoji: str, kind: str) -> Asked:
        ids = [*self.stored.messages, MessageId(LOBBY)]
        about = ids[min(which, len(ids) - 1)]
        payloads: dict[str, Payload] = {
            "edit": EditMessage(about, f"edited {which}"),
            "delete": DeleteMessage(about),
            "react": AddReaction(about, emoji),
            "unreact": RemoveReaction(about, emoji),
            "reply": PostMessage("re", reply_to=about),
        }
        return asked(person, payloads[kind])

    @rule(target=sent, person=st.sampled_from(PEOPLE), seq=st.integers(0, 50))
    def read(self, person: Person, seq: int) -> Asked:
        return asked(person, MarkRead(Seq(seq)))

    @rule(
        target=sent,
        person=st.sampled_from((BOB, CHARLIE)),
        role=st.sampled_from([None, RoomRole.MEMBER, RoomRole.ADMIN]),
        newer=st.integers(min_value=-1, max_value=2),
    )
    def tell(self, person: Person, role: RoomRole | None, newer: int) -> Asked:
        version = max(1, self.stored.room.version + newer)
        return asked(ALICE, ProjectMember(version, person, role))

    @rule(batch=st.lists(sent, min_size=1, max_size=6), is_remembering=st.booleans())
    def obey(self, batch: list[Asked], is_remembering: bool) -> None:
        self._answered(self._obeyed(batch, is_remembering=is_remembering))

    @rule(batch=st.lists(sent, min_size=1, max_size=6))
    def crash_between_writing_and_telling(self, batch: list[Asked]) -> None:
        self._obeyed(batch, is_remembering=False)
        self._answered(self._obeyed(batch, is_remembering=False))

    @rule(ours=st.lists(sent, min_size=1, max_size=4), theirs=st.lists(sent, max_size=4))
    def another_instance_is_faster(self, ours: list[Asked], theirs: list[Asked]) -> None:
        upon = self.stored.look_up(ours)
        decision = decide(LOBBY, upon, ours, pace=Pace(), around=self.around)
        if theirs:
            self._answered(self._obeyed(theirs, is_remembering=False))
        if self.stored.is_fresh(decision):
            self.stored.write(decision)
            self._answered(decision)
        else:
            self._answered(self._obeyed(ours, is_remembering=False))

    @invariant()
    def the_log_has_no_hole(self) -> None:
        seqs = [entry.seq for entry in self.stored.log]
        assert seqs == list(range(1, self.stored.room.head_seq + 1))

    @invariant()
    def no_message_is_there_twice(self) -> None:
        posts = [entry for entry in self.stored.log if entry.kind is EntryKind.MESSAGE]
        keys = {(entry.actor.id, entry.message.client_msg_id) for entry in posts if entry.message}
        assert len(keys) == len(posts)

    @invariant()
    def what_was_deleted_is_gone(self) -> None:
        for message in self.stored.messages.values():
            assert (message.deleted_seq is None) or message.content == ""

    @invariant()
    def every_edit_counts(self) -> None:
        for message in self.stored.messages.values():
            edits = [
                entry
                for entry in self.stored.log
                if entry.kind is EntryKind.EDITED and entry.message is not None
                and entry.message.id == message.id
            ]  # fmt: skip
            assert message.rev == 1 + len(edits)

    def _obeyed(self, batch: list[Asked], *, is_remembering: bool) -> Decision:
        upon = self.stored.remembered(batch) if is_remembering else None
        upon = upon or self.stored.look_up(batch)
        decision = decide(LOBBY, upon, batch, pace=Pace(), around=self.around)
        if decision.is_unsure or not self.stored.is_fresh(decision):
            assert not upon.is_complete
            upon = self.stored.look_up(batch)
            decision = decide(LOBBY, upon, batch, pace=Pace(), around=self.around)
        assert not decision.is_unsure
        assert self.stored.is_fresh(decision)
        self.stored.write(decision)
        answered = [reply.asked for reply in decision.replies] + decision.aside
        assert sorted(one.place for one in answered) == sorted(one.place for one in batch)
        return decision

    def _answered(self, decision: Decision) -> None:
        """Check that whoever asks again hears what they heard first."""
        for reply in decision.replies:
            if isinstance(reply.said, ChatError) or isinstance(reply.asked.payload, MarkRead):
                continue
            said = {name: value for name, value in reply.said.items() if name != "duplicate"}
            assert self.first_answer.setdefault(reply.asked.key, said) == said


TestRoomMachine = RoomMachine.TestCase
