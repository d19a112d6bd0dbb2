"""Erases people: asks each service again and again until it has signed that nothing is left.

    due -> nameless, shut out, a step for each service -> asked, asked ... receipt -> all: done

Every step is a row that some instance takes for a while; one that dies leaves it to the others.
Nothing is remembered here. A service that is away is tried for ever, ever more seldom.
"""

from typing import Final
from uuid import UUID

import structlog

from libs.common.contracts.internal import PersonCard
from libs.common.contracts.privacy import ErasureAnswer, ErasureRequest
from libs.common.errors import ChatError
from libs.common.service import Worker
from services.auth.api.privacy.working import Working
from services.auth.api.surroundings import Surroundings
from services.auth.core.letters import shown_time
from services.auth.model.erasures import Step
from services.auth.model.sessions import EndReason
from services.auth.store.beginning import AUTH, Beginning
from services.auth.store.erasing import forget, forget_the_rest
from services.auth.store.erasures import ErasureStore, LastOwner, counts_of

log = structlog.get_logger()

AGAIN_S: Final = 0.1
"""How soon a service is asked for its next turn. It did up to a second of work in the last one, and
others want to work too.
"""

LETTER_S: Final = 3_600.0
"""How long the letter that says goodbye may take, before its address goes in any case."""


class Saga:
    """Begins what is due, and takes one step after the other."""

    def __init__(self, around: Surroundings, store: ErasureStore) -> None:
        self._around = around
        self._neighbours = around.neighbours
        self._settings = around.neighbours.settings
        self._store = store
        self._clock = around.clock
        self._beginning = Beginning(
            around.database,
            around.facts,
            services=[*around.neighbours.others, AUTH],
            writes_letters=around.mail.is_on,
        )
        self._working = Working(self.once, poll_s=self._settings.poll_s, clock=around.clock)
        self.wake = self._working.wake

    def worker(self) -> Worker:
        return Worker("erasures", self._working.run)

    async def once(self) -> bool:
        """Begin an erasure, or take a step of one; tell whether there was anything to do."""
        due = await self._store.due(now=self._clock.now())
        if due is not None:
            await self.begin(due)
            return True
        step = await self._store.lease(now=self._clock.now(), lease_s=self._settings.lease_s)
        if step is None:
            return False
        await self._take(step)
        return True

    async def begin(self, erasure_id: UUID) -> None:
        """Begin an erasure that is due; one of the last owner is dropped instead."""
        now = self._clock.now()
        endings = self._around.endings
        ending = endings.ending(EndReason.ERASED)
        erasure, _ = await self._store.find(erasure_id)
        try:
            ended = await self._beginning.begin(
                erasure_id,
                ending=ending,
                now=now,
                due_at=now + self._settings.erasure_settle_s,
                shown_now=shown_time(now),
            )
        except LastOwner:
            log.warning("erasure_dropped", erasure_id=erasure_id, reason=LastOwner.code)
            await self._store.drop(erasure_id)
            return
        endings.note(ended, erasure.account_id, ending=ending)
        self._around.mailbox.posted.set()
        log.info("erasure_begun", erasure_id=erasure_id, user_id=erasure.account_id)

    async def _take(self, step: Step) -> None:
        try:
            receipt = await self._ask(step)
            if receipt is None:
                now = self._clock.now()
                await self._store.postpone(step, due_at=now + AGAIN_S, tries=0)
                return
            checked = self._neighbours.reader.read(
                receipt,
                service=step.service,
                erasure_id=step.erasure_id,
                person_id=step.person_id,
            )
        except ChatError as error:
            await self._postpone(step, error)
            return
        await self._store.signed(step, receipt, checked.key, now=self._clock.now())
        log.info("erasure_step_signed", erasure_id=step.erasure_id, callee=step.service)

    async def _postpone(self, step: Step, error: ChatError) -> None:
        delay_s = min(0.5 * 2.0 ** min(step.tries, 20), self._settings.max_retry_s)
        log.warning(
            "erasure_step_failed",
            erasure_id=step.erasure_id,
            callee=step.service,
            tries=step.tries,
            reason=error.code,
        )
        due_at = self._clock.now() + delay_s
        await self._store.postpone(step, due_at=due_at, tries=step.tries)

    async def _ask(self, step: Step) -> str | None:
        """Return the receipt of the service, None if it is not done yet."""
        if step.service == AUTH:
            return await self._erase_here(step)
        account = await self._around.accounts.find(step.person_id)
        person = PersonCard(
            id=account.id,
            kind=account.kind,
            name=account.name,
            system_role=account.system_role,
            is_disabled=account.is_disabled,
            version=account.version,
        )
        answer = await self._neighbours.others[step.service].post(
            "/internal/erasures",
            ErasureAnswer,
            body=ErasureRequest(erasure_id=step.erasure_id, person=person),
        )
        return answer.receipt

    async def _erase_here(self, step: Step) -> str | None:
        is_late = self._clock.now() > step.begun_at + LETTER_S
        async with self._around.database.transaction() as connection:
            # Again, as something may have been on its way when it was done first.
            await forget(connection, step.person_id)
            if not await forget_the_rest(connection, step.person_id, is_late=is_late):
                return None
            counts = await counts_of(connection, step)
        return self._neighbours.receipts.sign(step.erasure_id, step.person_id, counts)
