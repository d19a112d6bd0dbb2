"""What rooms said of strangers is believed for a moment."""

from uuid import UUID

from libs.common.contracts.ids import RoomId
from libs.common.contracts.rooms import RoomKind
from services.messages.core.absences import Absences
from services.messages.model.rooms import Absence
from tests.unit.messages.builders import ALICE, BOB, LOBBY


def room(number: int) -> RoomId:
    return RoomId(UUID(int=number))


GONE = Absence(RoomKind.PRIVATE, is_late=False)


def test_it_is_believed_until_its_time_is_over() -> None:
    absences = Absences(life_s=2, max_people=10)

    absences.put(LOBBY, BOB.id, GONE, now=100)

    assert absences.get(LOBBY, BOB.id, now=101.9) == GONE
    assert absences.get(LOBBY, BOB.id, now=102) is None


def test_it_is_about_one_person_in_one_room() -> None:
    absences = Absences(life_s=2, max_people=10)

    absences.put(LOBBY, BOB.id, GONE, now=100)

    assert absences.get(LOBBY, ALICE.id, now=100) is None
    assert absences.get(room(12), BOB.id, now=100) is None


def test_news_replaces_what_was_said_before() -> None:
    absences = Absences(life_s=2, max_people=10)
    absences.put(LOBBY, BOB.id, GONE, now=100)

    late = Absence(None, is_late=True)
    absences.put(LOBBY, BOB.id, late, now=101)

    assert absences.get(LOBBY, BOB.id, now=102.5) == late


def test_the_oldest_makes_room_for_the_newest() -> None:
    absences = Absences(life_s=2, max_people=2)

    for number in range(3):
        absences.put(room(number), BOB.id, GONE, now=100)

    assert absences.get(room(0), BOB.id, now=100) is None
    assert absences.get(room(2), BOB.id, now=100) == GONE
