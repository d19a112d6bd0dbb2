"""The judge of changes finds every kind of breach, and nothing where there is none."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from hubbub_client.frames import Frame
from tests.chaos.changes import Done, Heard, Shown, View, judge

ALICE = {"kind": "user", "id": "alice", "name": "Alice"}
BOB = {"kind": "user", "id": "bob", "name": "Bob"}

LOG = [
    Frame("member_joined", {"person": ALICE, "role": "owner"}, seq=1),
    Frame("member_joined", {"person": BOB, "role": "member"}, seq=2),
    Frame("message", {"id": "m", "content": "hello", "rev": 1, "client_msg_id": "k"}, seq=3),
    Frame("reaction_added", {"message_id": "m", "emoji": "+", "person": BOB}, seq=4),
    Frame("message_edited", {"id": "m", "content": "hello!", "rev": 2}, seq=5),
    Frame("room_updated", {"title": "Lobby"}, seq=6),
]

DONE = [
    Done("member_joined", {"person": {"id": "alice"}}),
    Done("member_joined", {"person": {"id": "bob"}}),
    Done("message", {"client_msg_id": "k"}, 3),
    Done("reaction_added", {"message_id": "m"}, 4),
    Done("message_edited", {"id": "m", "rev": 2}, 5),
    Done("room_updated", {"title": "Lobby"}),
]

SHOWN = Shown(
    log=LOG,
    messages=[
        {"id": "m", "content": "hello!", "rev": 2, "reactions": [{"emoji": "+", "count": 1}]}
    ],
    members=[{"person": ALICE, "role": "owner"}, {"person": BOB, "role": "member"}],
    room={"title": "Lobby"},
)


def breaches(
    *,
    done: Sequence[Done] = DONE,
    shown: Shown = SHOWN,
    bob: Sequence[Frame] = LOG[2:],
    until: int | None = None,
) -> list[str]:
    """Return the first word of each breach; Alice has heard all, Bob what came after he did."""
    heard = {"Alice": Heard(1, LOG[1:]), "Bob": Heard(2, bob, until)}
    return [breach.partition(":")[0] for breach in judge(done, heard, shown)]


def test_a_room_in_which_all_is_well_has_no_breaches() -> None:
    assert breaches() == []


def test_a_change_that_is_not_in_the_log_is_lost() -> None:
    done = [*DONE, Done("message_deleted", {"id": "m"})]

    assert breaches(done=done) == ["lost"]


def test_a_change_at_another_seq_than_was_acknowledged_is_lost() -> None:
    done = [replace(one, seq=9) if one.type == "message_edited" else one for one in DONE]

    assert breaches(done=done) == ["lost"]


def test_a_change_that_is_in_the_log_twice_is_doubled() -> None:
    log = [*LOG, replace(LOG[4], seq=7)]

    assert "doubled" in breaches(shown=replace(SHOWN, log=log))


def test_an_entry_that_nobody_made_is_a_ghost() -> None:
    assert breaches(done=DONE[:-1]) == ["ghost"]


def test_a_seq_that_the_log_does_not_have_is_a_hole() -> None:
    log = [*LOG[:-1], replace(LOG[-1], seq=7)]

    assert "hole" in breaches(shown=replace(SHOWN, log=log))


@pytest.mark.parametrize(
    "heard",
    [LOG[3:], LOG[2:-1], [*LOG[2:], LOG[-1]], [LOG[3], LOG[2], *LOG[4:]]],
    ids=["missing the first", "missing the last", "twice", "out of order"],
)
def test_what_somebody_did_not_hear_once_and_in_order_is_a_hole(heard: list[Frame]) -> None:
    assert breaches(bob=heard) == ["hole"]


def test_a_gap_that_somebody_was_told_of_is_a_hole() -> None:
    assert breaches(bob=[Frame("gap"), *LOG[2:]]) == ["hole"]


def test_whoever_is_out_must_hear_nothing_more() -> None:
    assert breaches(bob=LOG[2:5], until=5) == []
    assert breaches(bob=LOG[2:], until=5) == ["hole"]


@pytest.mark.parametrize(
    "otherwise",
    [
        {"messages": [{"id": "m", "content": "?", "rev": 2, "reactions": []}]},
        {"messages": [dict(SHOWN.messages[0], reactions=[])]},
        {"members": SHOWN.members[:1]},
        {"members": [SHOWN.members[0], {"person": BOB, "role": "admin"}]},
        {"room": {"title": "Hall"}},
    ],
    ids=["content", "reactions", "members", "roles", "title"],
)
def test_a_room_that_looks_otherwise_than_it_was_heard_has_diverged(
    otherwise: dict[str, Any],
) -> None:
    assert breaches(shown=replace(SHOWN, **otherwise)) == ["diverged", "diverged"]


def test_what_was_taken_back_is_in_no_view() -> None:
    view = View()
    taken_back = [
        Frame("reaction_removed", {"message_id": "m", "emoji": "+"}, seq=7),
        Frame("message_deleted", {"id": "m"}, seq=8),
        Frame("member_left", {"person": BOB}, seq=9),
    ]

    for entry in (*LOG, *taken_back):
        view.apply(entry)

    assert view.messages == {"m": ("", 2)}
    assert +view.reactions == {}
    assert view.members == {"alice": ("Alice", "owner")}
