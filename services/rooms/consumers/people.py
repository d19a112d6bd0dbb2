"""A new name of a person is told in their rooms.

The fact that brings it is settled when all rooms of its person know the name, so a crash in between
goes on where it stopped: what the rooms know stands in their memberships.
"""

from libs.common.contracts.facts import UserChanged
from libs.common.contracts.internal import PersonCard
from services.rooms.store.people import PeopleStore


class PeopleFacts:
    """What rooms keeps of auth's facts about people; it renames in `rename_batch` rooms a time."""

    def __init__(self, people: PeopleStore, *, rename_batch: int) -> None:
        self._people = people
        self._rename_batch = rename_batch

    async def on_user_changed(self, fact: UserChanged) -> None:
        """Keep the newest that is known of a user.  Raises: Unavailable."""
        told = PersonCard(
            id=fact.person_id,
            kind=fact.kind,
            name=fact.name,
            system_role=fact.system_role,
            is_disabled=fact.is_disabled,
            version=fact.version,
        )
        await self._people.learn([told])
        while await self._people.rename(fact.person_id, limit=self._rename_batch):
            pass
