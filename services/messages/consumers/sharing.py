"""Shares the shards with the other instances of this service; `core.shards` says how.

One look every so often, and what follows from it, one shard after the other. An instance that
cannot consume does not look either, and so loses its claim to those who can.
"""

from collections.abc import Sequence

import structlog

from libs.common.bus.interface import Bus
from libs.common.claims import Claim
from libs.common.clock import Clock
from libs.common.errors import Unavailable
from services.messages.consumers.intakes import Intakes
from services.messages.core.shards import Outlook, ours, outlook, to_hand_over, to_take
from services.messages.settings import MessagesSettings

log = structlog.get_logger()


class Sharing:
    """Takes shards and hands them over. Without a claim it stands by for all of them."""

    def __init__(
        self,
        bus: Bus,
        intakes: Intakes,
        claim: Claim,
        *,
        shards: int,
        settings: MessagesSettings,
        clock: Clock,
    ) -> None:
        self._bus = bus
        self._intakes = intakes
        self._claim = claim
        self._shards = shards
        self._settings = settings
        self._clock = clock
        self._outlook: Outlook | None = None
        self._absent: dict[int, float] = {}

    async def start(self) -> None:
        """Take what is ours; what is another's follows while `run` runs."""
        await self._intakes.declare()
        standby_at = self._clock.monotonic() + self._settings.standby_s
        self._absent = dict.fromkeys(range(self._shards), standby_at)
        await self._share()

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self._clock.sleep(self._settings.look_s)
            if await self._bus.is_ready():
                await self._share()

    async def stop(self) -> None:
        """Give everything back, and then the ordinal."""
        await self._intakes.close()
        await self._claim.release()

    async def _share(self) -> None:
        await self._look()
        if self._outlook is not None:
            await self._hand_over(to_hand_over(self._intakes.serving, self._outlook))
        agreed = self._outlook.agreed if self._outlook is not None else None
        own = ours(agreed, self._shards)
        for shard in to_take(self._absent, own, now=self._clock.monotonic()):
            await self._take(shard)

    async def _look(self) -> None:
        """See how things stand; what cannot be seen stays as it was."""
        try:
            seen = await self._claim.look()
        except Unavailable as reason:
            log.warning("claim_not_renewed", reason=repr(reason.__cause__))
            return
        before, now = self._outlook, self._clock.monotonic()
        self._outlook = outlook(before, seen, now=now, settle_s=self._settings.settle_s)
        if before is None or before.agreed != self._outlook.agreed:
            own = ours(self._outlook.agreed, self._shards)
            log.info("shards_shared", ordinal=seen.ordinal, live=list(seen.live), own=own)

    async def _hand_over(self, shards: Sequence[int]) -> None:
        for shard in shards:
            began = self._clock.monotonic()
            try:
                await self._intakes.hand_over(shard, timeout_s=self._settings.hand_over_s)
            except TimeoutError:
                # One worker serves all of them, so the next one would wait as long.
                log.warning("hand_over_postponed", shard=shard)
                return
            now = self._clock.monotonic()
            self._absent[shard] = now + self._settings.standby_s
            log.info("shard_handed_over", shard=shard, duration_ms=round((now - began) * 1000))

    async def _take(self, shard: int) -> None:
        try:
            await self._intakes.take(shard)
        except Unavailable:
            log.warning("shard_not_taken", shard=shard)
            return
        del self._absent[shard]
