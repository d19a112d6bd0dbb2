"""Forgets a person for good, when auth asks for it."""

from libs.common.contracts.ids import PersonId
from libs.common.contracts.privacy import ErasureRequest
from services.presence.consumers.commands import PersonCommands
from services.presence.core.roster import Roster
from services.presence.model import Choice, LastSeenTo
from services.presence.store import Store


class Forgetting:
    """Forgets a person, once nobody of that id is connected any more."""

    def __init__(self, roster: Roster, store: Store, commands: PersonCommands) -> None:
        self._roster = roster
        self._store = store
        self._commands = commands

    async def turn(self, request: ErasureRequest) -> bool:
        """Take everything away; tell whether nothing is left or to come.  Raises: Unavailable."""
        person_id: PersonId = request.person.id
        await self._commands.choose(Choice(person_id))
        self._roster.show_last_seen(person_id, LastSeenTo.EVERYBODY)
        if not self._roster.is_whole or self._roster.is_connected(person_id):
            # Who goes is noted as seen; a roster that is not whole may not know that they are here.
            return False
        if self._commands.is_being_noted(person_id):
            return False
        self._commands.forget_seen(person_id)
        await self._store.erase(request)
        return True
