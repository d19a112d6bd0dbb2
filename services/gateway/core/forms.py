"""The forms that one frame or several can take on the wire, each made at most once.

    plain              what everybody can read
    deflated           for clients that negotiated permessage-deflate: large frames only, and only
                       if that made them smaller
    batched            for clients that announced `batch`: several frames as one JSON array
    batched, deflated  the array deflated

A message is deflated alone (no context takeover), so the same bytes are right for every client
that negotiated it; deflating for each connection would cost four times the whole delivery.

See: RFC 7692 sections 6.1 and 7.2.3; docs/protocol.md, sections 1 and 2.
"""

import zlib
from collections.abc import Iterator, Sequence
from typing import Final

from services.gateway.core.outbox import FINAL_TEXT, Form, text_frame

BATCH_FRAMES: Final = 64
BATCH_BYTES: Final = 256 * 1024
"""Like the largest answer to `sync`: clients take so much in one message anyway."""

LEVEL: Final = 1
WINDOW_BITS: Final = 15
MEMORY_LEVEL: Final = 8
"""A message of 1.2 KB costs 11 us and becomes 63 % of it; 64 short ones together 157 us and 28 %.
Level 6 takes twice that for another 2 %. A window of 12 bits saves no time, and makes the largest
frames a fifth larger.
"""

COMPRESSED: Final = 0x40
"""The bit RSV1 of the first byte."""

END_OF_FLUSH: Final = b"\x00\x00\xff\xff"
"""What the reader adds again. See: RFC 7692 section 7.2.1."""


class Forms:
    """Frames that go to many clients together."""

    __slots__ = ("_are_several", "_made", "_payloads")

    def __init__(self, payloads: Sequence[bytes]) -> None:
        self._payloads = payloads
        self._are_several = len(payloads) > 1
        self._made: dict[tuple[int | None, bool], bytes] = {}

    def of(self, form: Form) -> bytes:
        """Return the WebSocket frames in this form, one behind the other."""
        above_bytes, is_batched = form
        key = (above_bytes, is_batched and self._are_several)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = framed(self._payloads, Form(*key))
        return made


def framed(payloads: Sequence[bytes], form: Form) -> bytes:
    """Return the WebSocket frames for text messages, one behind the other."""
    messages = _batches(payloads) if form.is_batched else payloads
    above_bytes = form.deflate_above_bytes
    if above_bytes is None:
        return b"".join([text_frame(message) for message in messages])
    return b"".join([_smaller_frame(message, above_bytes) for message in messages])


def deflated(payload: bytes) -> bytes:
    """Return a payload as permessage-deflate sends it."""
    packing = zlib.compressobj(LEVEL, zlib.DEFLATED, -WINDOW_BITS, MEMORY_LEVEL)
    packed = packing.compress(payload) + packing.flush(zlib.Z_SYNC_FLUSH)
    return packed.removesuffix(END_OF_FLUSH)


def _smaller_frame(payload: bytes, above_bytes: int) -> bytes:
    if len(payload) <= above_bytes:
        return text_frame(payload)
    packed = deflated(payload)
    if len(packed) >= len(payload):
        return text_frame(payload)
    return text_frame(packed, first=FINAL_TEXT | COMPRESSED)


def _batches(payloads: Sequence[bytes]) -> Iterator[bytes]:
    """Join frames into arrays; one that is left alone stays as it is."""
    batch: list[bytes] = []
    size = 0
    for payload in payloads:
        if batch and (len(batch) == BATCH_FRAMES or size + len(payload) > BATCH_BYTES):
            yield _array(batch)
            batch, size = [], 0
        batch.append(payload)
        size += len(payload)
    if batch:
        yield _array(batch)


def _array(batch: Sequence[bytes]) -> bytes:
    return batch[0] if len(batch) == 1 else b"[" + b",".join(batch) + b"]"
