"""Bodies of the calls by which auth has a person's data collected, or taken away.

The law is that of `libs.common.contracts.internal`: additive. Every service that keeps something
answers both calls, in turns that are bounded: auth asks again until there is no more.
"""

from typing import Final
from uuid import UUID

from pydantic import Field, JsonValue

from libs.common.contracts.ids import PersonId
from libs.common.contracts.internal import Body, PersonCard

ERASED_NAME: Final = "Deleted user"
"""What everybody is called who was erased."""

ERASED_BOT_NAME: Final = "Deleted bot"
"""What their bots are called, which go with them."""

MAX_CURSOR_CHARS: Final = 200


class ExportRequest(Body):
    """To each service `POST /internal/exports`: what is there of this person behind `cursor`?"""

    person_id: PersonId
    cursor: str | None = Field(default=None, max_length=MAX_CURSOR_CHARS)


class ExportPart(Body):
    """Items of one kind, which go into a file of this name. An item belongs to the person alone."""

    name: str = Field(pattern=r"^[a-z][a-z-]{0,40}$")
    items: list[dict[str, JsonValue]]


class ExportAnswer(Body):
    """`next_cursor=None`: that was all. `done` is the share of the way that lies behind, 0 to 1."""

    parts: list[ExportPart]
    next_cursor: str | None = Field(default=None, max_length=MAX_CURSOR_CHARS)
    done: float = Field(default=0.0, ge=0, le=1)


class ErasureRequest(Body):
    """To each service `POST /internal/erasures`: take everything away that is of this person.

    `person` is who they are now: nameless, disabled, with a version above all that were told.
    """

    erasure_id: UUID
    person: PersonCard


class ErasureAnswer(Body):
    """`receipt` is what `libs.common.tokens.receipts` signs, and is given when nothing is left; the
    same question has the same answer from then on. None: ask again.
    """

    receipt: str | None = None
