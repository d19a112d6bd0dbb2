"""Ports of loopback for what tests start."""

import os
import random
import socket
import sys
from collections import deque
from typing import Final

from services.nodes.rabbitmq.ports import is_free

_FIRST, _LAST = 30_000, 32_767
"""Above those of nodes, and below those that Linux gives to outgoing connections: what is killed
finds its port free when it starts again.
"""

RESERVED: Final = 64
"""So many ports are kept for who was given them: more than one test needs at once."""

_reserved: Final[deque[int]] = deque()


def free_port() -> int:
    """Return a port that nobody uses right now nor is about to, in this run of tests or another."""
    while not (is_free(port := random.randint(_FIRST, _LAST)) and _is_reserved(port)):
        pass
    return port


def _is_reserved(port: int) -> bool:
    """Reserve a port, unless somebody else has.

    A name without a file does it: all processes of the machine see it, and it goes with its owner.
    """
    if sys.platform != "linux":
        return True
    with socket.socket(socket.AF_UNIX) as name:
        try:
            name.bind(f"\0hubbub-test-port-{port}")
        except OSError:
            return False
        _reserved.append(name.detach())
    if len(_reserved) > RESERVED:
        os.close(_reserved.popleft())
    return True
