"""Whom a limit counts together by where they come from."""

from ipaddress import IPv6Address, ip_address
from typing import Final

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
