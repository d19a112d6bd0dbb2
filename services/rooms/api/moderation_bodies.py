"""What moderators send and get of bans and mutes."""

from typing import Annotated

from pydantic import Field

from libs.common.contracts.frames import PersonShown
from libs.common.contracts.people import Person
from libs.common.errors import Invalid
from libs.common.times import rfc3339, rfc3339_if
from services.rooms.api.bodies import Body
from services.rooms.api.room_bodies import Moment
from services.rooms.core.titles import clean_topic
from services.rooms.model import Sanction

MAX_REASON_CHARS = 250
"""As long as a room's topic, whose letters it may have."""

Reason = Annotated[str, Field(max_length=MAX_REASON_CHARS)]


class NewSanction(Body):
    """A ban or a mute. Without `until` it is for ever; `reason` is for moderators."""

    until: Moment | None = None
    reason: Reason = ""

    def sanction(self, person: Person, actor: Person, *, now: float) -> Sanction:
        """Return it for this person.  Raises: Invalid."""
        until = None if self.until is None else self.until.timestamp()
        if until is not None and until <= now:
            raise Invalid(fields={"until": "must be in the future"})
        try:
            reason = clean_topic(self.reason)
        except ValueError as fault:
            raise Invalid(fields={"reason": str(fault)}) from None
        return Sanction(person=person, until=until, reason=reason, made_by=actor, made_at=now)


class SanctionShown(Body):
    """`until` is null for ever, `made_by` for who is no more."""

    person: PersonShown
    until: str | None
    reason: str
    made_by: PersonShown | None
    at: str

    @classmethod
    def of(cls, sanction: Sanction) -> "SanctionShown":
        made_by = sanction.made_by
        return cls(
            person=PersonShown.of(sanction.person),
            until=rfc3339_if(sanction.until),
            reason=sanction.reason,
            made_by=None if made_by is None else PersonShown.of(made_by),
            at=rfc3339(sanction.made_at),
        )
