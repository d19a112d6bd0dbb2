"""Changes of second factors: the change, its letter and its entry in the audit log, or none."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.http.people import Caller
from libs.common.postgres import Connection
from services.auth.api.surroundings import Surroundings
from services.auth.core.factors import recovery
from services.auth.core.letters import shown_time
from services.auth.model.accounts import Account
from services.auth.model.acts import Act, Kind
from services.auth.model.factors import Held
from services.auth.model.letters import Letter, LetterKind
from services.auth.store.audit import note
from services.auth.store.factors.held import held_by
from services.auth.store.factors.proofs import outdate_others
from services.auth.store.factors.recovery_codes import replace
from services.auth.store.mail import post

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what the account had before, and the transaction that ends with it."""

    connection: Connection
    before: Held


class FactorChanges:
    """Lends a transaction to whoever changes second factors."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around

    @asynccontextmanager
    async def changing(
        self, caller: Caller, *, kind: Kind, what: str, address: str
    ) -> AsyncIterator[Change]:
        """Hold the caller's second factors, and tell of the change when the block has made it.

        What other sessions had proved is outdated by it, and with the last second factor the
        recovery codes go. Asks for a fresh proof first.

        Raises: StepUpRequired.
        """
        await self._around.proof.demand(caller)
        account = await self._around.accounts.find(caller.id)
        async with self._around.database.transaction() as connection:
            yield Change(connection, await held_by(connection, caller.id))
            if not (await held_by(connection, caller.id)).methods:
                await replace(connection, caller.id, code_hashes=[])
            await outdate_others(connection, caller.id, but=caller.session_id)
            await self.tell(
                connection,
                account,
                kind=kind,
                what=what,
                address=address,
                session_id=caller.session_id,
            )
        self._around.mailbox.posted.set()

    async def tell(
        self,
        connection: Connection,
        account: Account,
        *,
        kind: Kind,
        what: str,
        address: str,
        session_id: SessionId | None,
    ) -> None:
        """Post the letter and note the act of a change within its transaction."""
        now = self._around.clock.now()
        if account.email:
            fields = {"what": what, "at": shown_time(now), "address": address}
            letter = Letter(LetterKind.SECOND_FACTOR_CHANGED, account.email, fields)
            await post(connection, letter, account_id=account.id, now=now)
        await note(connection, _act(kind, account.id, address, session_id), now=now)
        log.info("second_factor_changed", user_id=account.id, kind=kind)

    async def new_codes(self, change: Change, account_id: PersonId) -> list[str]:
        """Make a new set of recovery codes, which voids the one before, and return it."""
        codes = [recovery.code_from(self._around.chance.token()) for _ in range(recovery.CODES)]
        await replace(change.connection, account_id, code_hashes=recovery.hashes(codes))
        return codes


def _act(kind: Kind, account_id: PersonId, address: str, session_id: SessionId | None) -> Act:
    return Act(
        kind=kind,
        actor_id=account_id,
        subject_id=account_id,
        outcome="done",
        address=address,
        session_id=session_id,
    )
