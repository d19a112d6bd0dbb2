"""What people may choose: how they are seen, and who may know when they last were."""

import unicodedata
from typing import Final

from libs.common.contracts.commands import SetPresence, SetPrivacy
from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import Person
from libs.common.errors import Forbidden, Invalid
from services.presence.model import Choice, Chosen, LastSeenTo

MAX_STATUS_CHARS: Final = 128

UNSEEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Control characters, direction and zero-width marks, private code points: a line beside a name
must not turn what stands around it.
"""

JOINER: Final = "\u200d"
"""Is unseen too, and makes one emoji of several."""


class BadPresence(Invalid):
    """A word that is none of ours, or a text that is too long."""


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
    if wish.status_text is not None and any(map(_is_unseen, wish.status_text)):
        raise BadPresence(fields={"status_text": "must not hold control or invisible characters"})
    return Choice(person_id, Chosen(wish.state), wish.status_text)


def last_seen_to(actor: Person, person_id: PersonId, wish: SetPrivacy) -> LastSeenTo:
    """Return the choice in a command.

    Raises: Forbidden (about somebody else), BadPresence.
    """
    if actor.id != person_id:
        raise Forbidden
    if wish.last_seen not in set(LastSeenTo):
        raise BadPresence(fields={"last_seen": f"one of {', '.join(LastSeenTo)}"})
    return LastSeenTo(wish.last_seen)


def _is_unseen(char: str) -> bool:
    return char != JOINER and unicodedata.category(char) in UNSEEN_CATEGORIES
