"""Commands over the bus in, answers and events out; and what may go wrong in between."""

from typing import Any

import msgspec

from libs.common.contracts.commands import (
    AddReaction,
    DeleteMessage,
    EditMessage,
    MarkRead,
    PostMessage,
)
from libs.common.contracts.ids import MessageId, Seq
from libs.common.contracts.people import RoomRole
from libs.common.contracts.rooms import Departure, RoomState
from libs.common.postgres import Database
from tests.integration.messages.around import ALICE, BOB, CELLAR, LOBBY
from tests.integration.messages.house import House, house_at

PARTY = "\U0001f389"


async def test_a_message_is_answered_and_told(house: House) -> None:
    await house.lobby()

    ack = await house.post(BOB, "hello", command_id="m-1")

    assert (ack["seq"], ack["duplicate"]) == (3, False)
    [*_, frame] = house.heard.frames(LOBBY)
    assert (frame["type"], frame["seq"]) == ("message", 3)
    assert frame["data"]["id"] == ack["message_id"]
    assert frame["data"]["author"] == {"kind": "user", "id": str(BOB.id), "name": "Bob"}
    assert (frame["data"]["content"], frame["data"]["client_msg_id"]) == ("hello", "m-1")


async def test_the_sender_hears_the_ack_before_the_event(house: House) -> None:
    await house.lobby()
    house.heard.kinds.clear()

    await house.post(BOB, "hello")

    assert house.heard.kinds == ["ans.v1", "evt.v1"]


async def test_a_hundred_messages_in_flight_keep_their_order(house: House) -> None:
    await house.lobby()
    await house.told_of_room(slow_mode_s=0)
    posts = [house.command(BOB, PostMessage(f"number {number}")) for number in range(50)]

    for post in posts:
        await house.send(post)
    answers = [await house.answer(post) for post in posts]

    assert [answer["data"]["seq"] for answer in answers] == list(range(3, 53))
    texts = [f["data"]["content"] for f in house.heard.frames(LOBBY) if f["type"] == "message"]
    assert texts == [f"number {number}" for number in range(50)]


async def test_everything_people_do_takes_the_next_seq(house: House) -> None:
    await house.lobby()
    ack = await house.post(BOB, "hello")
    message_id = MessageId(msgspec.convert(ack["message_id"], type=type(LOBBY)))
    for person, payload in (
        (BOB, EditMessage(message_id, "hello, all")),
        (ALICE, AddReaction(message_id, PARTY)),
        (BOB, DeleteMessage(message_id)),
    ):
        answer = await house.ask(person, payload)
        assert answer["type"] == "ack"

    kinds = [(event.seq, frame["type"]) for event, frame in heard_in_lobby(house)]
    assert kinds == [
        (1, "member_joined"),
        (2, "member_joined"),
        (3, "message"),
        (4, "message_edited"),
        (5, "reaction_added"),
        (6, "message_deleted"),
    ]


def heard_in_lobby(house: House) -> list[tuple[Any, dict[str, Any]]]:
    events = [event for event in house.heard.events if event.room_id == LOBBY]
    return list(zip(events, house.heard.frames(LOBBY), strict=True))


async def test_a_repeat_is_answered_as_the_first_time_and_told_again(house: House) -> None:
    await house.lobby()
    first = await house.post(BOB, "hello", command_id="m-1")

    again = await house.post(BOB, "hello", command_id="m-1")

    assert again == first | {"duplicate": True}
    told = [event for event in house.heard.events if event.seq == 3]
    assert len(told) == 2
    assert told[0].frame == told[1].frame


async def test_a_repeat_within_a_batch_is_obeyed_once(house: House) -> None:
    await house.lobby()
    twice = [house.command(BOB, PostMessage("hello"), command_id="m-1") for _ in range(2)]

    await house.send(*twice)

    answers = [(await house.answer(one))["data"] for one in twice]
    assert [answer["duplicate"] for answer in answers] == [False, True]
    assert answers[0]["message_id"] == answers[1]["message_id"]


async def test_the_same_id_with_another_content_is_refused(house: House) -> None:
    await house.lobby()
    await house.post(BOB, "hello", command_id="m-1")

    answer = await house.ask(BOB, PostMessage("goodbye"), command_id="m-1")

    assert answer["data"]["code"] == "idempotency_conflict"
    assert answer["data"]["retryable"] is False


async def test_the_same_id_in_two_rooms_makes_two_messages(house: House) -> None:
    await house.lobby()
    await house.told_of_room(CELLAR)
    await house.told_of_member(BOB, room_id=CELLAR)

    here = await house.post(BOB, "hello", command_id="m-1")
    there = await house.post(BOB, "hello", command_id="m-1", room_id=CELLAR)

    assert here["message_id"] != there["message_id"]


async def test_a_command_past_its_deadline_is_refused_unless_it_was_done(house: House) -> None:
    await house.lobby()
    await house.post(BOB, "in time", command_id="m-1")
    late = house.clock.now() - 1

    done = await house.ask(BOB, PostMessage("in time"), command_id="m-1", deadline=late)
    missed = await house.ask(BOB, PostMessage("too late"), deadline=late)

    assert done["data"]["duplicate"] is True
    assert (missed["data"]["code"], missed["data"]["retryable"]) == ("timeout", True)


async def test_who_joined_and_who_left_are_told_themselves(house: House) -> None:
    await house.lobby()
    await house.told_of_member(BOB, None, departure=Departure.REMOVED)

    told = [(one.person_id, one.kind) for one in house.heard.personal]
    assert told == [
        (ALICE.id, "room_added"), (BOB.id, "room_added"), (BOB.id, "room_removed")
    ]  # fmt: skip
    left = house.heard.events[-1]
    assert (left.detach, left.reason) == (str(BOB.id), "removed")


async def test_a_deleted_room_sends_everybody_away(house: House) -> None:
    await house.lobby()
    house.heard.personal.clear()

    await house.told_of_room(state=RoomState.DELETED)
    answer = await house.ask(BOB, PostMessage("hello?"))

    assert house.heard.events[-1].detach == "*"
    assert {(one.person_id, one.kind) for one in house.heard.personal} == {
        (ALICE.id, "room_removed"), (BOB.id, "room_removed")
    }  # fmt: skip
    assert answer["data"]["code"] == "not_found"


async def test_a_room_that_is_restored_lets_everybody_back_in(house: House) -> None:
    await house.lobby()
    await house.told_of_room(state=RoomState.DELETED)
    house.heard.personal.clear()

    await house.told_of_room(state=RoomState.OPEN)
    answer = await house.ask(BOB, PostMessage("hello again"))

    assert {(one.person_id, one.kind) for one in house.heard.personal} == {
        (ALICE.id, "room_added"), (BOB.id, "room_added")
    }  # fmt: skip
    assert answer["type"] == "ack"


async def test_read_cursors_are_answered_and_told_a_little_later(house: House) -> None:
    await house.lobby()
    await house.post(BOB, "hello")

    answer = await house.ask(ALICE, MarkRead(Seq(99)))
    back = await house.ask(ALICE, MarkRead(Seq(1)))
    await house.clock.advance(1)
    await house.heard.until(lambda: bool(house.heard.signals))

    assert answer["data"] == {"read_seq": 3}
    assert back["data"] == {"read_seq": 1}
    [signal] = house.heard.signals
    assert (signal.person_id, signal.kind) == (ALICE.id, "receipt")
    assert b'"read_seq":3' in signal.frame


async def test_heads_of_rooms_written_to_are_told(house: House) -> None:
    await house.lobby()

    await house.clock.advance(5)
    await house.heard.until(lambda: bool(house.heard.heads))

    assert [(one.room_id, one.seq) for one in house.heard.heads] == [(LOBBY, 2)]


async def test_another_instance_may_have_written_meanwhile(database: Database) -> None:
    async with house_at(database) as one, house_at(database, instance="two") as two:
        await one.lobby()
        two.versions = one.versions
        first = await one.post(BOB, "one")
        second = await two.post(BOB, "two")
        await two.told_of_member(BOB, None, departure=Departure.REMOVED)
        three = await one.post(ALICE, "three")
        refused = await one.ask(BOB, PostMessage("four"))

    assert [ack["seq"] for ack in (first, second, three)] == [3, 4, 6]
    assert refused["data"]["code"] == "not_found"


async def test_a_promoted_member_may_do_more_at_once(house: House) -> None:
    await house.lobby(state=RoomState.READ_ONLY)
    refused = await house.ask(BOB, PostMessage("may I?"))

    await house.told_of_member(BOB, RoomRole.ADMIN)

    assert refused["data"]["code"] == "room_read_only"
    assert (await house.post(BOB, "I may"))["seq"] == 4
