"""Asks for a fresh proof before what a stolen access token must not be enough for."""

from libs.common.clock import Clock
from libs.common.http.people import Caller
from libs.common.postgres import Database
from services.auth.core.proofs import StepUpRequired
from services.auth.settings.general import AuthSettings
from services.auth.store.factors.held import HeldFactors
from services.auth.store.factors.proofs import ProofStore


class Proof:
    """Knows how long ago a session proved itself, and what would prove it."""

    def __init__(self, database: Database, *, settings: AuthSettings, clock: Clock) -> None:
        self._proofs = ProofStore(database)
        self._held = HeldFactors(database)
        self._life_s = settings.proof_life_s
        self._clock = clock

    async def demand(self, caller: Caller) -> None:
        """Return if the caller's session proved itself a short while ago.

        Raises: StepUpRequired, with what would prove it.
        """
        proved_at = None
        if caller.session_id is not None:
            proved_at = await self._proofs.proved_at(caller.session_id, caller.id)
        # Another instance may have noted it, whose clock is a moment ahead.
        if proved_at is None or abs(self._clock.now() - proved_at) >= self._life_s:
            raise StepUpRequired(methods=(await self._held.of(caller.id)).proving)
