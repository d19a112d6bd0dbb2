"""Passkeys over HTTP: add one, take one away."""

from typing import Final
from uuid import UUID

from libs.common.errors import NotFound
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import Caller
from services.auth.api.factors.bodies import NewPasskey, PasskeyAdded, PasskeyOptions
from services.auth.api.factors.ceremonies import Ceremonies
from services.auth.api.factors.changes import FactorChanges
from services.auth.api.surroundings import Surroundings
from services.auth.core.factors.refusals import (
    PasskeyRefused,
    PasskeysUnavailable,
    TooManyPasskeys,
)
from services.auth.core.proofs import StepUpRequired
from services.auth.model.acts import Kind
from services.auth.model.passkeys import Passkey
from services.auth.store.factors.passkeys import PasskeyKnown, add, remove
from services.auth.store.ways_in import LastWayIn, check_one_is_left

MAX_PASSKEYS: Final = 20
"""Of one account: more than anybody has devices, and few enough to name all in each question."""


class PasskeysApi:
    """The endpoints around passkeys."""

    def __init__(
        self, around: Surroundings, changes: FactorChanges, *, ceremonies: Ceremonies
    ) -> None:
        self._around = around
        self._changes = changes
        self._ceremonies = ceremonies

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "POST",
                "/v1/auth/passkeys/options",
                self.ask,
                errors=(StepUpRequired, PasskeysUnavailable),
            ),
            Endpoint(
                "POST",
                "/v1/auth/passkeys",
                self.add,
                status=201,
                errors=(
                    StepUpRequired,
                    PasskeyRefused,
                    PasskeysUnavailable,
                    PasskeyKnown,
                    TooManyPasskeys,
                ),
            ),
            Endpoint(
                "DELETE",
                "/v1/auth/passkeys/{passkey_id}",
                self.remove,
                errors=(StepUpRequired, NotFound, LastWayIn),
            ),
        ]

    async def ask(self, caller: Caller) -> PasskeyOptions:
        """Return what a browser is told to make a passkey."""
        await self._around.proof.demand(caller)
        return await self._ceremonies.ask_to_add(await self._around.accounts.find(caller.id))

    async def add(self, body: NewPasskey, caller: Caller, address: ClientAddress) -> PasskeyAdded:
        """Add the passkey that the browser made."""
        await self._around.proof.demand(caller)
        made = await self._ceremonies.added(caller.id, body)
        passkey = Passkey(
            id=self._around.chance.new_id(),
            account_id=caller.id,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            transports=made.transports,
            name=body.name,
            created_at=self._around.clock.now(),
            last_used_at=None,
        )
        changing = self._changes.changing(
            caller, kind=Kind.PASSKEY_ADDED, what="a passkey was added", address=address
        )
        async with changing as change:
            if change.before.passkeys >= MAX_PASSKEYS:
                raise TooManyPasskeys
            await add(change.connection, passkey)
            is_first = not change.before.methods
            codes = await self._changes.new_codes(change, caller.id) if is_first else None
        return PasskeyAdded.with_codes(passkey, codes)

    async def remove(self, passkey_id: UUID, caller: Caller, address: ClientAddress) -> None:
        """Take a passkey away.  Raises: NotFound, LastWayIn."""
        changing = self._changes.changing(
            caller, kind=Kind.PASSKEY_REMOVED, what="a passkey was removed", address=address
        )
        async with changing as change:
            if not await remove(change.connection, passkey_id, caller.id):
                raise NotFound
            await check_one_is_left(change.connection, caller.id)
