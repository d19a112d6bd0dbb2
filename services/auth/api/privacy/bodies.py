"""What people are shown of exports and erasures."""

from typing import Literal
from uuid import UUID

from libs.common.times import rfc3339, rfc3339_if
from services.auth.api.bodies import Body
from services.auth.model.erasures import Erasure, ErasureState, Step
from services.auth.model.exports import Export, ExportState


class ExportShown(Body):
    """A copy of one's own data. `link` is there when it can be fetched, once and without a log-in:
    a path, which is another one after it was used.
    """

    id: UUID
    state: ExportState
    progress_percent: int
    bytes: int
    made_at: str
    expires_at: str
    link: str | None

    @classmethod
    def of(cls, export: Export, *, link: str | None) -> "ExportShown":
        return cls(
            id=export.id,
            state=export.state,
            progress_percent=export.progress_percent,
            bytes=export.bytes,
            made_at=rfc3339(export.made_at),
            expires_at=rfc3339(export.expires_at),
            link=link,
        )


class ErasureShown(Body):
    """`due_at`: until then it can be taken back."""

    erasure_id: UUID
    state: ErasureState
    asked_at: str
    due_at: str
    finished_at: str | None

    @classmethod
    def of(cls, erasure: Erasure) -> "ErasureShown":
        finished_at = erasure.finished_at
        return cls(
            erasure_id=erasure.id,
            state=erasure.state,
            asked_at=rfc3339(erasure.asked_at),
            due_at=rfc3339(erasure.due_at),
            finished_at=rfc3339_if(finished_at),
        )


class StepShown(Body):
    """What one service did. `receipt` is a signed token, `key` the public key that checks it."""

    service: str
    subject: Literal["account", "bot"]
    is_done: bool
    receipt: str | None
    key: dict[str, str] | None


class ErasureProgress(ErasureShown):
    """An erasure, service by service."""

    steps: list[StepShown]

    @classmethod
    def with_steps(cls, erasure: Erasure, steps: list[Step]) -> "ErasureProgress":
        return cls(
            **dict(ErasureShown.of(erasure)),
            steps=[
                StepShown(
                    service=step.service,
                    subject="account" if step.person_id == erasure.account_id else "bot",
                    is_done=step.receipt is not None,
                    receipt=step.receipt,
                    key=step.key,
                )
                for step in steps
            ],
        )
