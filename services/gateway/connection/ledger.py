"""What one connection counts towards: the bounds of this gateway, its metrics, one line of log."""

import structlog

from libs.common.clock import Clock
from libs.common.contracts.ids import ConnectionId
from services.gateway.connection.tally import Tally
from services.gateway.core.admission import Admission
from services.gateway.core.bearer import Bearer
from services.gateway.core.outbox import Outbox

log = structlog.get_logger()


class Ledger:
    """From the handshake on; a connection that was refused there is not counted."""

    __slots__ = (
        "_admission",
        "_clock",
        "_frames_in",
        "_frames_out",
        "_is_counted",
        "_opened_at",
        "_tally",
    )

    def __init__(self, admission: Admission, tally: Tally, clock: Clock) -> None:
        self._admission = admission
        self._tally = tally
        self._clock = clock
        self._opened_at = clock.monotonic()
        self._frames_in = 0
        self._frames_out = 0
        self._is_counted = False

    def came(self, address: str) -> None:
        """Count a stranger."""
        self._is_counted = True
        self._admission.came(address)
        self._tally.connections.inc()

    def heard(self) -> None:
        """Count a frame of the client."""
        self._frames_in += 1
        self._tally.frames_in += 1

    def carry(self, outbox: Outbox) -> None:
        """Count what was sent: now and then, as doing it with every flush would cost."""
        self._tally.frames_out += outbox.taken - self._frames_out
        self._frames_out = outbox.taken

    def left(self, address: str, *, is_stranger: bool) -> None:
        """Count a stranger no more."""
        if self._is_counted and is_stranger:
            self._admission.known(address)

    def gone(
        self,
        connection_id: ConnectionId,
        bearer: Bearer | None,
        *,
        address: str,
        close_code: int,
        outbox: Outbox,
    ) -> None:
        """Count the connection no more, and sum it up."""
        if not self._is_counted:
            return
        self.carry(outbox)
        self._admission.gone()
        self._admission.ended(address, close_code, self._clock.monotonic())
        self._tally.connections.dec()
        self._tally.closes.labels(str(close_code)).inc()
        whose = {}
        if bearer is not None:
            whose = {"user_id": str(bearer.person.id), "session_id": str(bearer.session_id)}
        log.info(
            "connection_ended",
            connection_id=connection_id,
            close_code=close_code,
            duration_ms=round((self._clock.monotonic() - self._opened_at) * 1000),
            frames_in=self._frames_in,
            frames_out=self._frames_out,
            address=address,
            **whose,
        )
