"""How far each room was heard, and which rooms there are."""

from hubbub_client.frames import Cursor, Frame
from hubbub_client.rooms import Rooms


def in_room(cursor: Cursor) -> Rooms:
    rooms = Rooms()
    rooms.begin_at("r1", cursor)
    return rooms


def joined(head_seq: int) -> Frame:
    return Frame("room_joined", {"room_id": "r1", "epoch": "e1", "head_seq": head_seq})


def gap(to_seq: int) -> Frame:
    return Frame("gap", {"from_seq": 1, "to_seq": to_seq}, room_id="r1")


def test_a_room_is_followed_from_its_head() -> None:
    rooms = Rooms()

    rooms.on_joined(joined(4))

    assert rooms.resume() == [{"room_id": "r1", "seq": 4, "epoch": "e1"}]


def test_a_room_that_is_joined_again_goes_on_where_it_is() -> None:
    rooms = in_room(Cursor("e1", 2))

    rooms.on_joined(joined(4))

    assert rooms.cursors == {"r1": Cursor("e1", 2)}


def test_a_gap_leads_into_the_epoch_that_was_told_last() -> None:
    rooms = in_room(Cursor("old", 2))
    rooms.on_ready(Frame("ready", {"rooms": [{"room_id": "r1", "epoch": "new"}]}))

    rooms.on_gap(gap(9))

    assert rooms.cursors == {"r1": Cursor("new", 9)}


def test_a_gap_of_a_room_that_was_never_told_keeps_the_epoch() -> None:
    rooms = in_room(Cursor("e1", 2))

    rooms.on_gap(gap(9))

    assert rooms.cursors == {"r1": Cursor("e1", 9)}


def test_a_log_that_was_begun_anew_is_followed_from_there() -> None:
    rooms = in_room(Cursor("e1", 20))

    rooms.on_new_epoch("r1", Cursor("e2", 3))
    rooms.on_new_epoch("unknown", Cursor("e2", 3))

    assert rooms.cursors == {"r1": Cursor("e2", 3)}


def test_a_lost_room_is_not_asked_for_any_more() -> None:
    rooms = in_room(Cursor("e1", 2))

    assert not rooms.on_resumed([{"room_id": "r1", "recovered": False, "reason": "not_found"}])
    assert rooms.resume() == []


def test_a_room_that_could_not_be_looked_after_is_asked_for_again() -> None:
    rooms = in_room(Cursor("e1", 2))

    assert rooms.on_resumed([{"room_id": "r1", "recovered": False, "reason": "unavailable"}])
    assert rooms.cursors == {"r1": Cursor("e1", 2)}


def test_a_room_that_was_left_is_heard_no_more() -> None:
    rooms = in_room(Cursor("e1", 2))

    rooms.leave("r1")
    rooms.leave("r1")

    assert rooms.log_of("r1") is None
    assert rooms.log_of(None) is None
