"""Whom the endpoints of messages admit."""

from typing import Final

from libs.common.contracts.people import PersonKind

PEOPLE: Final = frozenset({str(PersonKind.USER), str(PersonKind.GUEST), str(PersonKind.BOT)})
"""Whoever can be in a room. Whether they are in this one is for the rules."""
