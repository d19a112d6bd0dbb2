"""Erasure over HTTP: ask for it, take it back, see how far it is.

How far it is may be asked by whoever knows its id, as there is no account any more by which to ask;
the answer says nothing of the person. An id has 74 random bits.
"""

from typing import Final
from uuid import UUID

import structlog

from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import SystemRole
from libs.common.errors import Forbidden, TooMany
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import ANYONE, Caller
from libs.common.networks import network_of
from libs.common.ratelimit import Limit
from libs.common.service import Worker
from services.auth.api.privacy.bodies import ErasureProgress, ErasureShown
from services.auth.api.privacy.saga import Saga
from services.auth.api.surroundings import Surroundings
from services.auth.core.proofs import StepUpRequired
from services.auth.model.acts import Act, Kind
from services.auth.model.sessions import EndReason
from services.auth.store.accounts import AccountNotFound
from services.auth.store.erasures import ErasureNotFound, ErasureStore, LastOwner

log = structlog.get_logger()

NO_CONTENT: Final = 204


class ErasuresApi:
    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._store = ErasureStore(around.database, around.facts)
        self._saga = Saga(around, self._store)
        settings = around.neighbours.settings
        self._grace_s = settings.erasure_grace_s
        looks = Limit.per_minute(settings.looks_per_minute, burst=settings.looks_burst)
        self._looks = around.rates.of("erasures.look", looks)

    def endpoints(self) -> list[Endpoint]:
        gone = (ErasureNotFound,)
        return [
            Endpoint(
                "DELETE", "/v1/me", self.erase_me, status=202, errors=(StepUpRequired, LastOwner)
            ),
            Endpoint("GET", "/v1/me/erasure", self.mine, also=(NO_CONTENT,)),
            Endpoint("DELETE", "/v1/me/erasure", self.take_back, errors=gone),
            Endpoint(
                "GET",
                "/v1/erasures/{erasure_id}",
                self.progress,
                admits=ANYONE,
                errors=(*gone, TooMany),
            ),
            Endpoint(
                "POST",
                "/v1/admin/users/{user_id}/erase",
                self.erase_user,
                status=202,
                errors=(StepUpRequired, LastOwner, AccountNotFound, Forbidden),
            ),
        ]

    def workers(self) -> list[Worker]:
        return [self._saga.worker()]

    async def erase_me(self, caller: Caller, address: ClientAddress) -> ErasureShown:
        """Have oneself erased everywhere, and log out."""
        await self._around.proof.demand(caller)
        return await self._erase(caller.id, caller, address=address, grace_s=self._grace_s)

    async def erase_user(
        self, user_id: PersonId, caller: Caller, address: ClientAddress
    ) -> ErasureShown:
        """Have somebody erased everywhere, at once; for owners of the server."""
        if (await self._around.accounts.find(caller.id)).system_role is not SystemRole.OWNER:
            raise Forbidden
        await self._around.proof.demand(caller)
        account = await self._around.accounts.find(user_id)
        if account.system_role is SystemRole.OWNER and account.id != caller.id:
            # Nobody acts on an equal.
            raise Forbidden
        return await self._erase(account.id, caller, address=address, grace_s=0)

    async def mine(self, caller: Caller) -> ErasureShown | None:
        """Show that one is to be erased; nothing, as long as nobody has asked for it."""
        erasure = await self._store.of_account(caller.id)
        return None if erasure is None else ErasureShown.of(erasure)

    async def take_back(self, caller: Caller, address: ClientAddress) -> None:
        """Stay after all."""
        act = self._act(Kind.ERASURE_TAKEN_BACK, caller.id, caller, address=address)
        await self._store.take_back(caller.id, act, now=self._around.clock.now())

    async def progress(self, erasure_id: UUID, address: ClientAddress) -> ErasureProgress:
        """Show how far an erasure is, with what each service has signed."""
        await self._looks.take(network_of(address))
        return ErasureProgress.with_steps(*await self._store.find(erasure_id))

    async def _erase(
        self, account_id: PersonId, caller: Caller, *, address: str, grace_s: float
    ) -> ErasureShown:
        now = self._around.clock.now()
        ending = self._around.endings.ending(EndReason.ERASED)
        erasure, ended = await self._store.ask(
            self._around.chance.new_id(),
            account_id,
            by=caller.id,
            act=self._act(Kind.ERASURE_ASKED, account_id, caller, address=address),
            ending=ending,
            now=now,
            due_at=now + grace_s,
        )
        self._around.endings.note(ended, account_id, ending=ending)
        log.info("erasure_asked", user_id=account_id, erasure_id=erasure.id)
        if not grace_s:
            await self._saga.begin(erasure.id)
        self._saga.wake()
        found, _ = await self._store.find(erasure.id)
        return ErasureShown.of(found)

    def _act(self, kind: Kind, account_id: PersonId, caller: Caller, *, address: str) -> Act:
        return Act(
            kind=kind,
            actor_id=caller.id,
            subject_id=account_id,
            outcome="done",
            address=address,
            session_id=caller.session_id,
        )
