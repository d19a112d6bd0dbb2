"""What must be true of every table of `expected/`, whatever else stands in it.

The tables say what is; these say what must never be, without looking at any rule of the product.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import pytest

from tests.system.access.asking import NOTHING_TO_ASK
from tests.system.access.places import PLACES, people_of
from tests.system.access.table import read

Cell = tuple[str, str, str]
"""The act, who it is, the answer."""

HIDDEN: Final = ("private", "direct", "group", "guest", "deleted")

STRANGERS: Final = ("guest", "outsider", "removed", "banned")

NOT_A_RIGHT: Final = frozenset(
    {
        "POST /v1/rooms/{room}/leave",
        "POST /v1/rooms/{room}/join",
        "POST /v1/invites/{invite}/accept",
    }
)
"""Here who stands higher may be refused what others may: the last owner does not leave."""


def cells(*places: str) -> Iterator[Cell]:
    """Go through the answers in these places."""
    for place in places:
        for act, row in read(place).items():
            for who, answer in row.items():
                if answer != NOTHING_TO_ASK and (act != LEAVING or who == "anonymous"):
                    yield f"{act} in {place}", who, answer


LEAVING: Final = "SOCKET leave_room"
"""Not to listen any more is granted to everybody, wherever they did not listen."""


def is_allowed(answer: str) -> bool:
    return answer == "ok" or answer.startswith("2")


def is_unknown(answer: str) -> bool:
    return answer in {"404", "not_found"}


def test_who_says_nothing_of_themselves_gets_nothing() -> None:
    answers = {answer for _, who, answer in cells(*PLACES) if who == "anonymous"}

    assert answers == {"401", "unauthenticated"}


def test_nobody_learns_of_a_room_that_is_not_theirs_to_know_of() -> None:
    wrong = [
        cell
        for place in HIDDEN
        for cell in cells(place)
        if cell[1] in STRANGERS and not (place == "guest" and cell[1] == "guest")
        if not is_unknown(cell[2]) and "/v1/invites/" not in cell[0]
        if not (cell[1] == "guest" and cell[2] in {"403", "forbidden"})
    ]

    assert wrong == []


def test_a_deleted_room_is_gone_for_everybody_but_the_owner_who_may_bring_it_back() -> None:
    wrong = [
        cell
        for cell in cells("deleted")
        if cell[1] not in {"anonymous", "guest"} and not is_unknown(cell[2])
        if not (cell[1] == "owner" and cell[0].startswith("POST /v1/rooms/{room}/restore"))
    ]

    assert wrong == []


def test_who_was_thrown_out_may_do_nothing_here() -> None:
    allowed = [cell for cell in cells(*HIDDEN) if cell[1] in {"removed", "banned"}]
    through_the_door = "/v1/invites/"

    assert [
        cell for cell in allowed if is_allowed(cell[2]) and through_the_door not in cell[0]
    ] == []


def test_who_is_banned_does_not_come_back_by_an_invite() -> None:
    ways = [cell for cell in cells(*PLACES) if cell[1] == "banned" and "invite" in cell[0]]

    assert [cell for cell in ways if is_allowed(cell[2])] == []


@pytest.mark.parametrize("place", ["public", "private", "guest"])
def test_a_higher_role_may_all_that_a_lower_one_may(place: str) -> None:
    order = ("member", "admin", "owner")
    wrong = [
        (act, lower, higher)
        for act, row in read(place).items()
        for lower, higher in pairwise(order)
        if act not in NOT_A_RIGHT and is_allowed(row[lower]) and not is_allowed(row[higher])
    ]

    assert wrong == []


def test_nobody_changes_the_words_of_another() -> None:
    allowed = [
        cell
        for cell in cells(*PLACES)
        if cell[0].startswith(("PATCH /v1/messages/{other}", "SOCKET edit_message:other"))
        if is_allowed(cell[2])
    ]

    assert allowed == []


def test_a_guest_has_no_say_over_a_room() -> None:
    acts = {cell[0] for cell in cells("guest") if cell[1] == "guest" and is_allowed(cell[2])}

    assert not [act for act in acts if act.startswith(("PATCH /v1/rooms", "DELETE /v1/rooms"))]
    assert not [act for act in acts if act.startswith("PUT /v1/rooms") and "/read" not in act]


@pytest.mark.parametrize("place", PLACES)
def test_every_table_speaks_of_everybody(place: str) -> None:
    assert all(tuple(row) == people_of(place) for row in read(place).values())
