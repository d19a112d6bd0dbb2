"""What people may choose to be seen as."""

from typing import Final

from libs.common.contracts.commands import SetPresence
from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import Person
from libs.common.errors import Forbidden, Invalid
from services.presence.model import Choice, Chosen

MAX_STATUS_CHARS: Final = 128


class BadPresence(Invalid):
    """The state is none of ours, or the text is too long."""


def chosen_by(actor: Person, person_id: PersonId, wish: SetPresence) -> Choice:
    """Return the choice in a command.

    Raises: Forbidden (about somebody else), BadPresence.
    """
    if actor.id != person_id:
        raise Forbidden
    if wish.state not in set(Chosen):
        raise BadPresence(fields={"state": f"one of {', '.join(Chosen)}"})
    if wish.status_text is not None and len(wish.status_text) > MAX_STATUS_CHARS:
        raise BadPresence(fields={"status_text": f"at most {MAX_STATUS_CHARS} characters"})
    return Choice(person_id, Chosen(wish.state), wish.status_text)
