"""Who somebody is: from this service's copy, and from auth when the copy does not know."""

from collections.abc import Sequence

from libs.common.client import InternalClient
from libs.common.contracts.ids import PersonId
from libs.common.contracts.internal import PeopleAnswer, PeopleRequest, PersonCard
from libs.common.contracts.people import PersonKind, SystemRole
from libs.common.errors import Unavailable
from libs.common.http.people import Caller
from services.rooms.core.rules import PersonNotFound
from services.rooms.store.people import PeopleStore


class People:
    """Finds people by their ids."""

    def __init__(self, store: PeopleStore, auth: InternalClient) -> None:
        self._store = store
        self._auth = auth

    async def caller(self, caller: Caller) -> PersonCard:
        """Return who asks.

        While auth cannot be reached, somebody never seen here is what their token says, without a
        role in the system: a token carries no rights.
        """
        try:
            found = await self.find([caller.id])
        except Unavailable:
            found = {}
        if caller.id in found:
            return found[caller.id]
        card = PersonCard(
            id=caller.id,
            kind=caller.kind,
            name=caller.name,
            system_role=SystemRole.MEMBER,
            is_disabled=False,
            version=0,
        )
        await self._store.learn([card])
        return card

    async def find(self, person_ids: Sequence[PersonId]) -> dict[PersonId, PersonCard]:
        """Return those who exist.  Raises: Unavailable."""
        found = await self._store.find(person_ids, min_version=1)
        unknown = [person_id for person_id in person_ids if person_id not in found]
        if unknown:
            answer = await self._auth.post(
                "/internal/people", PeopleAnswer, body=PeopleRequest(person_ids=unknown)
            )
            await self._store.learn(answer.people)
            found |= {card.id: card for card in answer.people}
        return found

    async def all_of(self, person_ids: Sequence[PersonId]) -> list[PersonCard]:
        """Return these people, in this order.

        Raises: PersonNotFound unless all of them can come into any room: guests have one alone;
        Unavailable.
        """
        found = await self.find(person_ids)
        cards = [found[person_id] for person_id in person_ids if person_id in found]
        if len(cards) < len(person_ids) or not all(map(_may_come, cards)):
            raise PersonNotFound
        return cards


def _may_come(card: PersonCard) -> bool:
    return not card.is_disabled and card.kind is not PersonKind.GUEST
