"""The polls and streams that this gateway holds at the moment, and their bounds.

Each is told in which way it is over: too many in all hear 503 and too many in a second 429, and of
too many of one person the oldest is answered with what there is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from starlette.requests import ClientDisconnect

from libs.common.contracts.ids import PersonId
from libs.common.errors import ChatError, Unavailable
from libs.common.ratelimit import Limit, RateLimiter
from services.gateway.connection.surroundings import Surroundings
from services.gateway.connection.sweep import Swept
from services.gateway.connection.visit import later_ms

MAX_PEOPLE: Final = 100_000


class Held(Swept, Protocol):
    def replace(self) -> None:
        """End, as another of this person begins."""
        ...


class Polls:
    def __init__(self, around: Surroundings) -> None:
        settings = around.settings
        self._around = around
        self._count = 0
        self._of_person: dict[PersonId, dict[Held, None]] = {}
        self._pace = RateLimiter(
            Limit(settings.polls_per_s, settings.polls_burst), max_keys=MAX_PEOPLE
        )

    def admit(self, person_id: PersonId, address: str) -> None:
        """Refuse one more if there are too many.  Raises: Draining, Unavailable, TooMany."""
        try:
            self._check(person_id, address, self._around.clock.monotonic())
        except ChatError as refusal:
            self._around.tally.pressure.refusals.labels(refusal.code).inc()
            raise

    @contextmanager
    def holding(self, held: Held, person_id: PersonId) -> Iterator[None]:
        """Know of one for as long as the block takes, and count how it ended."""
        outcome = "cancelled"
        self._add(held, person_id)
        try:
            yield
            outcome = "answered"
        except ChatError as refusal:
            outcome = refusal.code
            if isinstance(refusal, Unavailable) and refusal.retry_after_ms is None:
                refusal.retry_after_ms = later_ms(self._around.chance)
            raise
        except ClientDisconnect:
            outcome = "gone"
            raise
        finally:
            self._remove(held, person_id)
            self._around.tally.polls_ended.labels(outcome).inc()

    def _check(self, person_id: PersonId, address: str, now: float) -> None:
        self._around.admission.check(address, now)
        if self._count >= self._around.settings.polls_held:
            raise Unavailable(retry_after_ms=later_ms(self._around.chance))
        self._pace.take(person_id, now)

    def _add(self, held: Held, person_id: PersonId) -> None:
        self._count += 1
        self._around.tally.polls.inc()
        self._around.sweep.add(held)
        of_person = self._of_person.setdefault(person_id, {})
        of_person[held] = None
        if len(of_person) > self._around.settings.polls_per_person:
            next(iter(of_person)).replace()

    def _remove(self, held: Held, person_id: PersonId) -> None:
        self._count -= 1
        self._around.tally.polls.dec()
        self._around.sweep.remove(held)
        of_person = self._of_person[person_id]
        del of_person[held]
        if not of_person:
            del self._of_person[person_id]
