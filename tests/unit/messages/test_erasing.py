"""What somebody wrote is taken back once they are gone: decided like every other command."""

from libs.common.contracts.commands import EraseWords
from libs.common.contracts.ids import Seq
from libs.common.contracts.people import Person
from libs.common.errors import NotFound
from services.messages.core.frames import frame
from services.messages.model.log import EntryKind
from services.messages.model.rooms import Member
from tests.support.clock import TEN_O_CLOCK
from tests.unit.messages.builders import (
    ALICE,
    BOB,
    HELLO,
    asked,
    decided,
    entries,
    known,
    message,
    refusal,
    said,
)

NOBODY = Person(BOB.kind, BOB.id, "Deleted user")
PARTY = "\U0001f389"


def test_a_message_of_one_who_is_gone_is_emptied_and_nameless() -> None:
    upon = known(None, message())
    upon.members[BOB.id] = None

    decision = decided(upon, asked(NOBODY, EraseWords(HELLO)))

    emptied = decision.change.messages[Seq(4)]
    assert (emptied.content, emptied.author.name) == ("", "Deleted user")
    assert entries(decision) == [(6, EntryKind.DELETED)]
    (entry,) = decision.change.entries
    assert b'"author":{"kind":"user"' in frame(entry).encode()


def test_nobody_takes_back_what_others_wrote() -> None:
    decision = decided(known(None, message(author=ALICE)), asked(NOBODY, EraseWords(HELLO)))

    assert isinstance(refusal(decision), NotFound)


def test_what_was_deleted_before_is_left_alone() -> None:
    deleted = message(content="", deleted_at=TEN_O_CLOCK - 1, deleted_seq=Seq(5))

    decision = decided(known(None, deleted), asked(NOBODY, EraseWords(HELLO)))

    assert said(decision) == [{"changed": False}]
    assert decision.change.entries == []


def test_a_reaction_is_taken_from_somebody_elses_message() -> None:
    upon = known(None, message(author=ALICE), emoji={(HELLO, BOB.id): frozenset({PARTY})})

    decision = decided(upon, asked(NOBODY, EraseWords(HELLO, PARTY)))

    assert decision.change.reactions == {(Seq(4), BOB.id, PARTY): None}
    assert entries(decision) == [(6, EntryKind.UNREACTED)]


def test_a_reaction_that_is_not_there_changes_nothing() -> None:
    decision = decided(known(None, message(author=ALICE)), asked(NOBODY, EraseWords(HELLO, PARTY)))

    assert decision.change.entries == []


def test_the_command_is_obeyed_for_people_who_were_banned() -> None:
    upon = known(None, message())
    upon.members[BOB.id] = Member(BOB, None, is_banned=True)

    decision = decided(upon, asked(NOBODY, EraseWords(HELLO)))

    assert entries(decision) == [(6, EntryKind.DELETED)]
