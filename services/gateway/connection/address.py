"""Where a client is: the network's word, or that of a proxy we were told to trust."""

from collections.abc import Collection, Sequence
from ipaddress import ip_address
from typing import Final

ANYBODY: Final = "*"


def address_of(peer: str, forwarded: Sequence[str], *, trusted: Collection[str]) -> str:
    """Return the client's address.

    `forwarded` are the values of X-Forwarded-For. Each proxy adds whom it heard from at the end, so
    the client is the last one that is no proxy of ours; anybody may have written what is before.
    """
    address = peer
    hops = [hop.strip() for value in forwarded for hop in value.split(",")]
    while hops and (ANYBODY in trusted or address in trusted):
        address = _checked(hops.pop(), instead=address)
    return address


def _checked(hop: str, *, instead: str) -> str:
    try:
        return str(ip_address(hop))
    except ValueError:
        return instead
