"""Bounds on attempts whose outcome is not known yet.

An attempt counts before its password is looked at, or a hundred guesses at once would be one. So
that right passwords are not refused for that, `FailureLimit` gets back what they took, and `Turns`
lets those wait for each other that would otherwise be too many.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Final

from libs.common.ratelimit import Limit

MAX_NETWORKS: Final = 50_000
"""About 10 MB. The one that was used longest ago is forgotten first."""

HOST_BITS: Final = 64
"""Who has one address of version 6 has a whole network of them."""


def network_of(address: str) -> str:
    """Return what limits count by: the address, or its network of 2 ** 64 neighbours."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Address(int(parsed) >> HOST_BITS << HOST_BITS))


class FailureLimit:
    """At most so many failed log-ins for each network."""

    def __init__(self, limit: Limit, *, max_networks: int) -> None:
        self._limit = limit
        self._step_ns = round(1e9 / limit.per_s)
        self._max_networks = max_networks
        self._full_at_ns: OrderedDict[str, int] = OrderedDict()

    def take(self, network: str, now: float) -> None:
        """Take one; `now` is in seconds of a clock that never goes back.  Raises: TooMany."""
        now_ns = int(now * 1e9)
        full_at_ns = self._limit.taken(self._full_at_ns.get(network, now_ns), now_ns)
        self._full_at_ns[network] = full_at_ns
        self._full_at_ns.move_to_end(network)
        if len(self._full_at_ns) > self._max_networks:
            self._full_at_ns.popitem(last=False)

    def give_back(self, network: str) -> None:
        """Give back what an attempt took."""
        if network in self._full_at_ns:
            self._full_at_ns[network] -= self._step_ns


@dataclass(slots=True)
class _Line:
    """Those who hold or await a turn."""

    turns: asyncio.Semaphore
    people: int = 0


class Turns:
    """Lets at most `at_once` attempts of one key go on together; the others wait in line."""

    def __init__(self, *, at_once: int) -> None:
        self._at_once = at_once
        self._lines: dict[Hashable, _Line] = {}

    def __len__(self) -> int:
        return len(self._lines)

    @asynccontextmanager
    async def turn(self, key: Hashable) -> AsyncIterator[None]:
        """Hold a turn. Whoever waits bounds the wait."""
        line = self._lines.setdefault(key, _Line(asyncio.Semaphore(self._at_once)))
        line.people += 1
        try:
            async with line.turns:
                yield
        finally:
            line.people -= 1
            if not line.people:
                del self._lines[key]
