"""Who is there follows from what is heard of presence."""

from hubbub_client.frames import Frame, Json
from services.demo.actor import there_after

BEFORE = frozenset({"alice", "bob"})


def heard(data: Json) -> frozenset[str]:
    return there_after(Frame("presence", data), BEFORE)


def test_a_frame_of_the_room_replaces_what_was_known() -> None:
    users = [{"person_id": "charlie", "state": "away", "rev": 1}]

    assert heard({"users": users, "online_count": 1}) == {"charlie"}


def test_nobody_there_is_told_by_an_empty_room() -> None:
    assert heard({"users": [], "online_count": 0}) == frozenset()


def test_a_number_alone_says_nothing_of_the_people() -> None:
    assert heard({"users": [], "online_count": 2_000}) == BEFORE


def test_somebody_who_comes_is_added() -> None:
    assert heard({"person_id": "charlie", "state": "dnd", "rev": 1}) == BEFORE | {"charlie"}


def test_somebody_who_goes_is_taken_away() -> None:
    assert heard({"person_id": "bob", "state": "offline", "rev": 2}) == {"alice"}
