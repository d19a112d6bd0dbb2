"""Who is never shown to whom: pairs of people of whom one has blocked the other.

It does not matter here which of the two it was. Where nobody blocks anybody this is empty, and
costs one look for each signal, not for each of its listeners.
"""

import json
from collections.abc import Set as AbstractSet
from typing import Final

from libs.common.contracts.ids import PersonId

NOBODY: Final[frozenset[PersonId]] = frozenset()


class Apart:
    """Pairs, found by either of the two."""

    __slots__ = ("_of",)

    def __init__(self) -> None:
        self._of: dict[PersonId, set[PersonId]] = {}

    def __bool__(self) -> bool:
        """Tell whether there is any pair at all."""
        return bool(self._of)

    def of(self, person_id: PersonId) -> AbstractSet[PersonId]:
        """Return who is not shown to this person, and to whom this person is not shown."""
        return self._of.get(person_id, NOBODY)

    def put(self, one: PersonId, other: PersonId) -> bool:
        """Keep two apart from now on; tell whether they were not before."""
        if other in self.of(one):
            return False
        self._of.setdefault(one, set()).add(other)
        self._of.setdefault(other, set()).add(one)
        return True

    def take(self, one: PersonId, other: PersonId) -> bool:
        """Keep two apart no more; tell whether they were."""
        if other not in self.of(one):
            return False
        self._forget(one, other)
        self._forget(other, one)
        return True

    def _forget(self, one: PersonId, other: PersonId) -> None:
        others = self._of[one]
        others.discard(other)
        if not others:
            del self._of[one]


def without(frame: bytes, hidden: AbstractSet[PersonId]) -> bytes:
    """Return a room's form of `presence` in which some people are not there.

    This is the only frame of others that is ever read here, and only for a reader from whom
    somebody is hidden. A frame that gives nothing but a number stays as it is.
    """
    told = json.loads(frame)
    ids = {str(person_id) for person_id in hidden}
    users = told["data"]["users"]
    seen = [user for user in users if user["person_id"] not in ids]
    if len(seen) == len(users):
        return frame
    told["data"]["users"] = seen
    told["data"]["online_count"] -= len(users) - len(seen)
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()
