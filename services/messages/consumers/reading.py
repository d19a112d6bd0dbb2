"""Commands as they come off the bus, read and fingerprinted."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

from libs.common.bus.intake import Taken
from libs.common.contracts.commands import ROOM_PAYLOADS, read_payload, sense
from services.messages.model.changes import Asked

HASH_BYTES: Final = 16
"""Tells apart what one person sends under one id; nobody gains by a collision of their own."""


def read_commands(batch: Sequence[Taken]) -> list[Asked]:
    """Return what the commands say.

    Raises: msgspec.ValidationError when one of them cannot be read.
    """
    return [_read(place, taken) for place, taken in enumerate(batch)]


def _read(place: int, taken: Taken) -> Asked:
    command = taken.command
    # Two gateways of different releases may have written one client's first try and its second.
    said, kind = sense(command.payload), command.kind.encode()
    fingerprint = blake2b(said, digest_size=HASH_BYTES, person=kind)
    return Asked(
        place=place,
        command=command,
        payload=read_payload(command, ROOM_PAYLOADS),
        content_hash=fingerprint.digest(),
        is_redelivered=taken.is_redelivered,
    )
