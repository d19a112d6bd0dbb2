"""What entries do beside the log, and what is known of it afterwards."""

from uuid import UUID

from libs.common.contracts.commands import (
    AddReaction,
    DeleteMessage,
    EditMessage,
    PostMessage,
    ProjectMember,
    ProjectRoom,
    RemoveReaction,
)
from libs.common.contracts.ids import MessageId, RoomId
from libs.common.contracts.people import RoomRole
from libs.common.contracts.rooms import Departure, RoomKind, RoomState
from services.messages.core.decide import decide
from services.messages.core.pace import Pace
from services.messages.model.changes import Known
from services.messages.model.log import PastVersion
from services.messages.model.rooms import Member
from tests.integration.messages.desk import Desk
from tests.support.clock import TEN_O_CLOCK
from tests.unit.messages.builders import ALICE, BOB, CHARLIE, LOBBY, around, asked

PARTY = "\U0001f389"
CELLAR = RoomId(UUID(int=12, version=4))


async def test_an_edit_changes_the_message_and_keeps_the_past(desk: Desk) -> None:
    message_id = await desk.post(BOB, f"one <@{ALICE.id}>")
    await desk.obey(BOB, EditMessage(message_id, "two"))
    await desk.obey(BOB, EditMessage(message_id, f"three <@{ALICE.id}> <@{CHARLIE.id}>"))

    message = await desk.messages.find(message_id)

    assert message is not None
    assert (message.content[:5], message.rev, message.edited_at) == ("three", 3, TEN_O_CLOCK)
    assert message.mentions == (ALICE.id,)
    assert await desk.messages.past(LOBBY, message.seq, after_rev=0, limit=10) == [
        PastVersion(message.seq, 1, f"one <@{ALICE.id}>", TEN_O_CLOCK),
        PastVersion(message.seq, 2, "two", TEN_O_CLOCK),
    ]
    assert await desk.count("SELECT count(*) FROM mention") == 1


async def test_a_deletion_leaves_nothing_but_the_place(desk: Desk) -> None:
    message_id = await desk.post(BOB, f"a secret for <@{ALICE.id}>")
    decision = await desk.decide(
        asked(BOB, EditMessage(message_id, "another secret")),
        asked(ALICE, AddReaction(message_id, PARTY)),
    )
    await desk.write(decision)

    await desk.obey(BOB, DeleteMessage(message_id))

    message = await desk.messages.find(message_id)
    assert message is not None
    assert (message.content, message.mentions, message.deleted_seq) == ("", (), 6)
    for table in ("message_edit", "reaction", "mention"):
        assert await desk.count(f"SELECT count(*) FROM {table}") == 0
    everything = str(await desk.database.fetch("SELECT * FROM log"))
    assert "secret" not in everything


async def test_what_happens_to_a_message_in_the_batch_that_brings_it_counts(desk: Desk) -> None:
    post = asked(BOB, PostMessage(f"tpyo <@{ALICE.id}>"))
    known = await desk.look_up(post)
    first = decide(LOBBY, known, [post], pace=Pace(), around=around())
    message = first.change.entries[0].message
    assert message is not None
    batch = [
        post,
        asked(ALICE, AddReaction(message.id, PARTY)),
        asked(BOB, EditMessage(message.id, "typo")),
        asked(BOB, AddReaction(message.id, PARTY)),
        asked(ALICE, RemoveReaction(message.id, PARTY)),
    ]
    decision = decide(LOBBY, known, batch, pace=Pace(), around=around())

    assert await desk.write(decision) == set()

    stored = await desk.messages.find(message.id)
    assert stored is not None
    assert (stored.content, stored.rev, stored.mentions) == ("typo", 2, ())
    reactions = await desk.messages.reactions(LOBBY, [stored.seq], reader=BOB.id)
    assert [(one.emoji, one.count, one.is_mine) for one in reactions[stored.seq]] == [
        (PARTY, 1, True)
    ]


async def test_members_come_change_and_go(desk: Desk) -> None:
    for_ever = float("inf")
    await desk.obey(ALICE, ProjectMember(4, CHARLIE, RoomRole.GUEST))
    await desk.obey(ALICE, ProjectMember(5, CHARLIE, RoomRole.MEMBER, None, for_ever))
    await desk.obey(ALICE, ProjectMember(6, BOB, None, Departure.BANNED))
    await desk.obey(ALICE, ProjectMember(7, ALICE, None, Departure.LEFT))

    known = await desk.look_up(*(asked(one, PostMessage("?")) for one in (ALICE, BOB, CHARLIE)))

    assert known.members == {
        ALICE.id: None,
        BOB.id: Member(BOB, None, is_banned=True),
        CHARLIE.id: Member(CHARLIE, RoomRole.MEMBER, muted_until=for_ever),
    }


async def test_a_room_becomes_what_rooms_tells(desk: Desk) -> None:
    told = ProjectRoom(4, RoomKind.PUBLIC, RoomState.READ_ONLY, "Hall", "talk", 7)

    await desk.obey(ALICE, told)

    room, entries = await desk.logged()
    assert (room.kind, room.state, room.title) == (RoomKind.PUBLIC, RoomState.READ_ONLY, "Hall")
    assert (room.topic, room.slow_mode_s, room.version) == ("talk", 7, 4)
    assert entries[-1].kind == "room_updated"


async def test_outcomes_are_found_by_who_asked_what(desk: Desk) -> None:
    message_id = await desk.post(BOB, "hello", command_id="c-1")
    await desk.obey(BOB, AddReaction(message_id, PARTY), command_id="c-2")
    await desk.obey(BOB, AddReaction(message_id, PARTY), command_id="c-3")
    commands = [asked(BOB, PostMessage("?"), command_id=f"c-{one}") for one in (1, 2, 3, 4)]

    known = await desk.look_up(*commands, asked(ALICE, PostMessage("?"), command_id="c-1"))

    found = {key[1]: (one.kind, one.seq) for key, one in known.outcomes.items()}
    assert found == {
        "c-1": ("post", 3), "c-2": ("add_reaction", 4), "c-3": ("add_reaction", None)
    }  # fmt: skip
    reaction = known.outcomes[BOB.id, commands[1].command.command_id].entry
    assert reaction is not None
    assert reaction.message is not None
    assert (reaction.message.id, reaction.detail) == (message_id, PARTY)


async def test_what_is_not_there_is_left_out(desk: Desk) -> None:
    nowhere = RoomId(UUID(int=99, version=4))
    command = asked(BOB, AddReaction(MessageId(nowhere), PARTY))

    known = await desk.look_up(command, room_id=nowhere)

    assert known == Known(None, {BOB.id: None}, is_complete=True)
