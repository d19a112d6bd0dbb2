"""What people have reported, and what became of it.

Times are seconds since 1970.
"""

from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from libs.common.contracts.people import Person
from services.messages.model.log import Message

ReportId = NewType("ReportId", UUID)


class Reason(StrEnum):
    """Why a message was reported."""

    SPAM = "spam"
    ABUSE = "abuse"
    OTHER = "other"


class ReportState(StrEnum):
    """What became of a report: nothing yet, nothing at all, or something was done."""

    OPEN = "open"
    DISMISSED = "dismissed"
    ACTED = "acted"


class Report(msgspec.Struct, frozen=True, gc=False):
    """A report. `number` rises with every report, of whichever room.

    `message` is as it is now, but while the report is open it says what it said when it was
    reported.
    """

    id: ReportId
    number: int
    message: Message
    reporter: Person
    reason: Reason
    note: str
    at: float
    state: ReportState
    decider: Person | None
    decided_at: float | None
