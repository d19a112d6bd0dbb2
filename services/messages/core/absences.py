"""What rooms said, a moment ago, of people whom the projection does not know."""

from collections import OrderedDict

from libs.common.contracts.ids import PersonId, RoomId
from services.messages.model.rooms import Absence


class Absences:
    """Remembers at most `max_people` for `life_s` seconds; the oldest is forgotten first.

    So somebody who keeps knocking costs rooms one question per life. `now` is of a clock that
    never goes back.
    """

    def __init__(self, *, life_s: float, max_people: int) -> None:
        self._life_s = life_s
        self._max_people = max_people
        self._said: OrderedDict[tuple[RoomId, PersonId], tuple[Absence, float]] = OrderedDict()

    def get(self, room_id: RoomId, person_id: PersonId, *, now: float) -> Absence | None:
        """Return what was said, unless that was too long ago."""
        absence, until = self._said.get((room_id, person_id), (None, 0.0))
        return absence if now < until else None

    def put(self, room_id: RoomId, person_id: PersonId, absence: Absence, *, now: float) -> None:
        key = (room_id, person_id)
        self._said[key] = (absence, now + self._life_s)
        self._said.move_to_end(key)
        if len(self._said) > self._max_people:
            self._said.popitem(last=False)
