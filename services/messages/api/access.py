"""Who may read a room, and do what else there over HTTP: by the same rules as everybody.

Like the write path it refuses nobody upon a projection that may be late.
"""

from libs.common.clock import Clock
from libs.common.contracts.ids import RoomId
from libs.common.contracts.people import Person, SystemRole
from libs.common.errors import ChatError, NotFound, Unavailable
from libs.common.permissions.case import Action
from services.messages.api.news import News
from services.messages.core.admission import is_in_doubt, judge
from services.messages.model.changes import Known, Wanted
from services.messages.model.rooms import Room
from services.messages.store.known import KnownStore


class Access:
    """Lets people in."""

    def __init__(self, known: KnownStore, news: News, clock: Clock) -> None:
        self._known = known
        self._news = news
        self._clock = clock

    async def check_reader(self, person: Person, room_id: RoomId) -> Room:
        """Return the room if the person may read it.

        Raises: NotFound, Forbidden (banned from a public room), Unavailable.
        """
        return await self.check(person, room_id, Action.READ)

    async def check(self, person: Person, room_id: RoomId, action: Action) -> Room:
        """Return the room if the person may do this in it.

        Raises: NotFound, Forbidden, NotMember, Unavailable.
        """
        known = await self._look_up(person, room_id)
        try:
            return self._judged(known, person, action)
        except ChatError:
            if not is_in_doubt(known.room, known.members[person.id]):
                raise
        if await self._news.wait_for([(room_id, person.id)]):
            raise Unavailable
        return self._judged(await self._look_up(person, room_id), person, action)

    async def _look_up(self, person: Person, room_id: RoomId) -> Known:
        found = await self._known.look_up([Wanted(room_id, people={person.id})])
        return found[room_id]

    def _judged(self, known: Known, person: Person, action: Action) -> Room:
        if known.room is None:
            raise NotFound
        judge(
            known.room,
            person,
            known.members[person.id],
            system_role=known.system_roles.get(person.id, SystemRole.MEMBER),
            action=action,
            now=self._clock.now(),
        ).require()
        return known.room
