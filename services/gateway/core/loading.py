"""How much of a replay waits in an outbox at a time: far from its bounds."""

from typing import Final

from services.gateway.core.outbox import Outbox

PACE_FRAMES: Final = 64
PACE_BYTES: Final = 64 * 1024


def is_loaded(outbox: Outbox) -> bool:
    """Tell whether so much waits for a client that a replay should."""
    return len(outbox) >= PACE_FRAMES or outbox.waiting_bytes >= PACE_BYTES
