"""Ports of loopback for what tests start."""

import random

from services.nodes.rabbitmq.ports import is_free

_FIRST, _LAST = 30_000, 32_767
"""Above those of nodes, and below those that Linux gives to outgoing connections: what is killed
finds its port free when it starts again.
"""


def free_port() -> int:
    """Return a port that nobody uses right now, another each time."""
    while not is_free(port := random.randint(_FIRST, _LAST)):
        pass
    return port
