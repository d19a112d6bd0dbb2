"""What there is to tell, put together into few messages of the bus.

Answers are grouped by the instance that asked, everything else by bucket.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeVar
from uuid import UUID

from libs.common.bus.interface import Bus, Exchange, Outgoing
from libs.common.bus.topology import EVENTS, REPLY, bucket_key
from libs.common.contracts.events import (
    ANSWER_BATCH,
    EVENT_BATCH,
    HEAD_DIGEST,
    PERSONAL_BATCH,
    SIGNAL_BATCH,
    Answer,
    Personal,
    RoomEvent,
    RoomHead,
    Signal,
    encode_batch,
)

Framed = TypeVar("Framed", Answer, RoomEvent, Personal, Signal)

ENVELOPE_BYTES: Final = 128
"""What an item takes beside its frame, at most."""

HEADS_PER_MESSAGE: Final = 5_000


class Outbound:
    """Items on their way out. `buckets` is that of `Spread`, `max_bytes` bounds one message."""

    def __init__(self, *, buckets: int, max_bytes: int) -> None:
        self._buckets = buckets
        self._max_bytes = max_bytes
        self._answers: dict[str, list[Answer]] = {}
        self._events: dict[str, list[RoomEvent]] = {}
        self._personal: dict[str, list[Personal]] = {}
        self._signals: dict[str, list[Signal]] = {}
        self._heads: dict[str, list[RoomHead]] = {}

    def answer(self, origin: str, answer: Answer) -> None:
        self._answers.setdefault(origin, []).append(answer)

    def event(self, event: RoomEvent) -> None:
        """Events of one room must come in the order of their seqs."""
        self._events.setdefault(self._key("e", event.room_id), []).append(event)

    def personal(self, personal: Personal) -> None:
        self._personal.setdefault(self._key("u", personal.person_id), []).append(personal)

    def signal(self, signal: Signal) -> None:
        self._signals.setdefault(self._key("s", signal.room_id), []).append(signal)

    def head(self, head: RoomHead) -> None:
        self._heads.setdefault(self._key("h", head.room_id), []).append(head)

    def messages(self) -> Iterator[Outgoing]:
        """Yield the messages, answers first: a sender is to hear the ack before the event."""
        yield from self._batches(REPLY, ANSWER_BATCH, self._answers)
        yield from self._batches(EVENTS, EVENT_BATCH, self._events)
        yield from self._batches(EVENTS, PERSONAL_BATCH, self._personal)
        yield from self._batches(EVENTS, SIGNAL_BATCH, self._signals)
        for key, heads in self._heads.items():
            for start in range(0, len(heads), HEADS_PER_MESSAGE):
                part = heads[start : start + HEADS_PER_MESSAGE]
                yield Outgoing(EVENTS, key, HEAD_DIGEST, encode_batch(part))

    def _key(self, letter: str, subject: UUID) -> str:
        return bucket_key(letter, subject, self._buckets)

    def _batches(
        self, exchange: Exchange, batch_type: str, groups: Mapping[str, Sequence[Framed]]
    ) -> Iterator[Outgoing]:
        for key, items in groups.items():
            for part in parts(items, max_bytes=self._max_bytes):
                yield Outgoing(exchange, key, batch_type, encode_batch(part))


async def publish(bus: Bus, outbound: Outbound, *, timeout_s: float) -> None:
    """Hand everything to the bus, each message begun before the next.

    Raises: Unavailable when some of it may not have been taken.
    """
    outcomes = await asyncio.gather(
        *(bus.publish(message, timeout_s=timeout_s) for message in outbound.messages()),
        return_exceptions=True,
    )
    for outcome in outcomes:
        if outcome is not None:
            raise outcome


def parts(items: Sequence[Framed], *, max_bytes: int) -> Iterator[Sequence[Framed]]:
    """Cut items into runs of about `max_bytes`; an item larger than that goes alone."""
    start, size_bytes = 0, 0
    for at, item in enumerate(items):
        item_bytes = len(item.frame) + ENVELOPE_BYTES
        if size_bytes + item_bytes > max_bytes and at > start:
            yield items[start:at]
            start, size_bytes = at, 0
        size_bytes += item_bytes
    yield items[start:]
