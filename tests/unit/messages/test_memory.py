"""What is remembered of rooms between batches, and what never is."""

from uuid import UUID

from libs.common.bus.topology import shard_of
from libs.common.contracts.commands import (
    AddReaction,
    MarkRead,
    PostMessage,
    ProjectMember,
)
from libs.common.contracts.ids import PersonId, RoomId, Seq
from libs.common.contracts.people import RoomRole
from services.messages.consumers.memory import Memory
from services.messages.core.pace import Pace
from services.messages.model.changes import Known
from services.messages.model.rooms import Member
from tests.unit.messages.builders import ALICE, BOB, CHARLIE, HELLO, LOBBY, asked, known, room

POST = asked(BOB, PostMessage("hello"))


def remembering(upon: Known) -> Memory:
    memory = Memory(max_rooms=2, max_members=4)
    assert upon.room is not None
    memory.keep(upon, upon.room, changed={})
    return memory


def test_a_room_that_was_read_is_enough_for_the_next_message() -> None:
    recalled = remembering(known()).recall(LOBBY, [POST, asked(ALICE, MarkRead(Seq(1)))])

    assert recalled is not None
    assert recalled.room == room()
    assert not recalled.is_complete


def test_nothing_is_remembered_of_a_room_never_read() -> None:
    assert Memory(max_rooms=2, max_members=4).recall(LOBBY, [POST]) is None


def test_only_new_messages_and_read_cursors_are_decided_upon_memory() -> None:
    memory = remembering(known())

    for command in (
        asked(BOB, AddReaction(HELLO, "\U0001f389")),
        asked(BOB, PostMessage("re", reply_to=HELLO)),
        asked(BOB, PostMessage("more", thread_root=HELLO)),
        asked(ALICE, ProjectMember(4, BOB, None)),
        asked(BOB, PostMessage("hello"), is_redelivered=True),
    ):
        assert memory.recall(LOBBY, [POST, command]) is None


def test_everybody_who_acts_or_is_mentioned_must_be_remembered() -> None:
    upon = known()
    del upon.members[CHARLIE.id]
    memory = remembering(upon)

    assert memory.recall(LOBBY, [asked(CHARLIE, PostMessage("hi"))]) is None
    assert memory.recall(LOBBY, [asked(BOB, PostMessage(f"<@{CHARLIE.id}>"))]) is None
    assert memory.recall(LOBBY, [asked(BOB, PostMessage(f"<@{ALICE.id}>"))]) is not None


def test_what_was_written_is_remembered() -> None:
    upon = known()
    memory = remembering(upon)
    admin = Member(BOB, RoomRole.ADMIN)

    memory.keep(upon, room(head_seq=Seq(6)), changed={BOB.id: admin})

    recalled = memory.recall(LOBBY, [POST])
    assert recalled is not None
    assert recalled.room == room(head_seq=Seq(6))
    assert recalled.members[BOB.id] == admin


def test_people_of_another_moment_are_not_mixed_in() -> None:
    memory = remembering(known())
    later = Known(room(head_seq=Seq(9)), {ALICE.id: Member(ALICE, RoomRole.OWNER)}, True)

    memory.keep(later, room(head_seq=Seq(9)), changed={})

    assert memory.recall(LOBBY, [POST]) is None
    assert memory.recall(LOBBY, [asked(ALICE, PostMessage("hi"))]) is not None


def test_people_of_the_same_moment_add_up() -> None:
    memory = remembering(Known(room(), {ALICE.id: Member(ALICE, RoomRole.OWNER)}, True))
    bob = Known(room(), {BOB.id: Member(BOB, RoomRole.MEMBER)}, True)

    memory.keep(bob, room(), changed={})

    assert memory.recall(LOBBY, [POST, asked(ALICE, PostMessage("hi"))]) is not None


def test_the_room_not_used_for_the_longest_time_is_forgotten() -> None:
    memory = Memory(max_rooms=2, max_members=4)
    rooms = [room(id=RoomId(UUID(int=number))) for number in range(3)]

    for one in rooms:
        memory.keep(known(one), one, changed={})

    assert memory.recall(rooms[0].id, [POST]) is None
    assert memory.recall(rooms[2].id, [POST]) is not None


def test_who_has_read_further_than_is_remembered_makes_the_room_be_read_anew() -> None:
    memory = remembering(known())

    assert memory.recall(LOBBY, [asked(BOB, MarkRead(Seq(5)))]) is not None
    assert memory.recall(LOBBY, [asked(BOB, MarkRead(Seq(6)))]) is None


def test_the_rooms_of_a_shard_are_forgotten_and_their_pace_is_not() -> None:
    memory = Memory(max_rooms=10, max_members=4)
    rooms = [room(id=RoomId(UUID(int=number))) for number in range(8)]
    for one in rooms:
        memory.keep(known(one), one, changed={})
        memory.keep_pace(one.id, Pace(full_at_ns=7))

    memory.forget(1, shards=2)

    kept = [one for one in rooms if memory.recall(one.id, [POST]) is not None]
    assert kept == [one for one in rooms if shard_of(one.id, 2) == 0]
    assert 0 < len(kept) < len(rooms)
    assert all(memory.pace(one.id) == Pace(full_at_ns=7) for one in rooms)


def test_a_room_with_too_many_people_is_read_anew() -> None:
    crowd = known()
    crowd.members |= {PersonId(UUID(int=number)): None for number in range(100, 103)}

    assert remembering(crowd).recall(LOBBY, [POST]) is None


def test_a_forgotten_room_keeps_its_pace() -> None:
    memory = Memory(max_rooms=1, max_members=4)
    memory.keep(known(), room(), changed={})
    memory.keep_pace(LOBBY, Pace(full_at_ns=7))

    cellar = room(id=RoomId(UUID(int=12)))
    memory.keep(known(cellar), cellar, changed={})

    assert memory.recall(LOBBY, [POST]) is None
    assert memory.pace(LOBBY) == Pace(full_at_ns=7)


def test_paces_are_bounded_too() -> None:
    memory = Memory(max_rooms=2, max_members=4)

    for number in range(3):
        memory.keep_pace(RoomId(UUID(int=number)), Pace(full_at_ns=number + 1))

    assert memory.pace(RoomId(UUID(int=0))) == Pace()
    assert memory.pace(RoomId(UUID(int=2))) == Pace(full_at_ns=3)
