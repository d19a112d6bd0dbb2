"""Sends what waits, one letter after another; several instances share the work.

    due -> taken -> sent -> deleted
      \\______/ \\-> refused, too old -> deleted
       resting

A letter is taken for longer than the carrier may need. It is sent twice only if the server took it
and the process ended, or the answer was lost, before it was deleted: SMTP knows no remedy, and the
second one has the id of the first.
"""

from typing import Final

import structlog

from libs.common.cancelling import end_if_cancelled
from libs.common.clock import Clock
from libs.common.metrics import Metrics
from libs.common.retry import DelayS
from services.auth.api.mail.carrying import Carrier, NotSent, Undeliverable
from services.auth.api.mail.composing import Composing
from services.auth.model.letters import LetterKind
from services.auth.settings.mail import MailSettings
from services.auth.store.mail import MailStore, WaitingLetter

log = structlog.get_logger()

MARGIN_S: Final = 10.0
"""For how much longer than it may take a letter is taken: the database has to hear of it."""


class Sending:
    """Takes letters to a carrier."""

    def __init__(
        self,
        store: MailStore,
        carrier: Carrier,
        *,
        composing: Composing,
        settings: MailSettings,
        delay_s: DelayS,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._store = store
        self._carrier = carrier
        self._composing = composing
        self._taken_s = settings.timeout_s + MARGIN_S
        self._delay_s = delay_s
        self._give_up_s = settings.give_up_s
        # What brings an expired link is of no use to anybody.
        self._life_s = {
            LetterKind.RESET_PASSWORD: settings.reset_life_s,
            LetterKind.VERIFY_EMAIL: settings.verify_life_s,
            LetterKind.CONFIRM_NEW_EMAIL: settings.verify_life_s,
        }
        self._clock = clock
        self._outcomes = metrics.counter(
            "letters", "Letters that were taken to the mail server.", labels=("outcome",)
        )

    async def send_waiting(self) -> None:
        """Send all letters that are due.  Raises: Unavailable."""
        try:
            while waiting := await self._take():
                if not await self._send(waiting):
                    return
                end_if_cancelled()
        finally:
            await self._carrier.rest()

    async def _take(self) -> WaitingLetter | None:
        now = self._clock.now()
        return await self._store.take(now=now, until=now + self._taken_s)

    async def _send(self, waiting: WaitingLetter) -> bool:
        """Send a letter; tell whether the server is worth another one."""
        if self._is_too_old(waiting):
            await self._forget(waiting, "given_up", reason="too_old")
            return True
        try:
            message = self._composing.message(waiting)
        except ValueError:
            await self._forget(waiting, "refused", reason="no_such_address")
            return True
        try:
            await self._carrier.carry(message)
        except Undeliverable as refusal:
            await self._forget(waiting, "refused", reason=refusal.reason)
            return True
        except NotSent as trouble:
            await self._postpone(waiting, reason=trouble.reason)
            return False
        await self._store.delete(waiting.id)
        self._outcomes.labels("sent").inc()
        log.info("letter_sent", **_named(waiting))
        return True

    def _is_too_old(self, waiting: WaitingLetter) -> bool:
        useful_s = min(self._give_up_s, self._life_s.get(waiting.letter.kind, self._give_up_s))
        return self._clock.now() - waiting.posted_at > useful_s

    async def _forget(self, waiting: WaitingLetter, outcome: str, *, reason: str) -> None:
        await self._store.delete(waiting.id)
        self._outcomes.labels(outcome).inc()
        log.warning(f"letter_{outcome}", reason=reason, **_named(waiting))

    async def _postpone(self, waiting: WaitingLetter, *, reason: str) -> None:
        rest_s = self._delay_s(waiting.tries)
        await self._store.postpone(waiting, until=self._clock.now() + rest_s)
        self._outcomes.labels("postponed").inc()
        log.warning("letter_postponed", reason=reason, rest_s=round(rest_s), **_named(waiting))


def _named(waiting: WaitingLetter) -> dict[str, object]:
    """Return what a log may say of a letter: not to which address, and nothing of its text."""
    return {
        "letter_id": waiting.id,
        "kind": waiting.letter.kind,
        "user_id": waiting.account_id,
        "tries": waiting.tries,
    }
