"""Erasures: somebody is taken out of every service. Times are seconds since 1970.

WAITING --due--> WORKING --all receipts--> DONE
   '--taken back
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from libs.common.contracts.ids import PersonId


class ErasureState(StrEnum):
    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Erasure:
    id: UUID
    account_id: PersonId
    state: ErasureState
    asked_at: float
    due_at: float
    finished_at: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """What one service has to do for an account or one of its bots.

    Done when there is a receipt; `key` is the public key that it was checked with.
    """

    erasure_id: UUID
    person_id: PersonId
    service: str
    begun_at: float
    tries: int
    receipt: str | None
    key: dict[str, str] | None
