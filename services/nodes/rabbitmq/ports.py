"""Ports of loopback for a node: the same again after a restart, where nobody else took them.

They follow from the folder, so that clients of a node that died find the one that comes after it.
They lie below those that a system gives to outgoing connections: a client that knocks again and
again at a dead node could otherwise be given the node's own port, and be connected to itself.
"""

import socket
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final
from zlib import crc32

from services.nodes.folder import StartFailed

LOOPBACK: Final = "127.0.0.1"

_FIRST: Final = 20_000
_COUNT: Final = 10_000
"""Linux gives 32768 and above to outgoing connections, others still higher ones."""


def is_free(port: int) -> bool:
    """Return whether a server could listen there now."""
    with socket.socket() as trial:
        # As servers do: a connection of a node that just ended is no obstacle.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def ports_for(
    folder: Path, count: int, *, is_free: Callable[[int], bool] = is_free
) -> tuple[int, ...]:
    """Return `count` free ports, the same for the same folder as long as they are free.

    Raises: StartFailed, when there are not so many.
    """
    ports = tuple(islice(filter(is_free, _wanted(folder)), count))
    if len(ports) < count:
        raise StartFailed(f"There are no {count} free ports on {LOOPBACK}: end other programs.")
    return ports


def _wanted(folder: Path) -> Iterator[int]:
    start = crc32(bytes(folder.resolve()))
    yield from (_FIRST + (start + step) % _COUNT for step in range(_COUNT))
