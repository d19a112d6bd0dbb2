"""Copies of somebody's own data. Times are seconds since 1970."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from libs.common.contracts.ids import PersonId


class ExportState(StrEnum):
    WAITING = "waiting"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Export:
    """One copy, as far as it is. `step` and `cursor` say where its making goes on, `lease` whose
    turn that is; `uses` counts how often its link was used.
    """

    id: UUID
    account_id: PersonId
    state: ExportState
    step: int
    cursor: str | None
    progress_percent: int
    pieces: int
    bytes: int
    lease: int
    uses: int
    made_at: float
    expires_at: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of an archive. `body` is deflated, `crc` and `plain_bytes` are of the file itself."""

    name: str
    crc: int
    plain_bytes: int
    body: bytes
