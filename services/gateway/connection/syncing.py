"""Answers `sync`: a client that noticed a hole reads it without connecting anew."""

from typing import Final

from libs.common.clock import Clock
from libs.common.contracts.events import RoomEvent
from libs.common.contracts.ids import Seq
from libs.common.contracts.internal import RangeAnswer
from libs.common.errors import ChatError
from libs.common.times import rfc3339
from services.gateway.connection.client import Client
from services.gateway.core.effects import ReadLog
from services.gateway.core.refusals import Gone
from services.gateway.frames.heard import events_frame
from services.gateway.hub.asking import Asking, refusal_of
from services.gateway.hub.joining import detaches
from services.gateway.hub.repairs import events_of

MAX_ANSWER_BYTES: Final = 256 * 1024
"""A quarter of an outbox. What does not fit is said to be `more`."""


class Syncing:
    def __init__(self, asking: Asking, *, clock: Clock) -> None:
        self._asking = asking
        self._clock = clock

    async def sync(self, client: Client, wanted: ReadLog) -> None:
        """Answer with events, or with where they still are."""
        pending = client.session.duties.pending
        try:
            events, answer = await self._read(client, wanted)
        except ChatError as refusal:
            client.do(client.session.refuse(wanted.ref, refusal))
        else:
            if pending.settle(wanted.ref):
                client.put(self._frame(wanted, events, answer))
        client.read_on()

    async def _read(self, client: Client, wanted: ReadLog) -> tuple[list[RoomEvent], RangeAnswer]:
        since = await self._allowed_since(client, wanted)
        answer = await self._asking.events(wanted.room_id, wanted.after_seq, wanted.limit)
        is_kept = answer.first_available_seq <= wanted.after_seq + 1
        if not is_kept or wanted.after_seq > answer.head_seq:
            raise Gone(first_available_seq=answer.first_available_seq)
        return _readable(events_of(wanted.room_id, answer), client, since), answer

    async def _allowed_since(self, client: Client, wanted: ReadLog) -> Seq:
        """Return the seq as of which this person may read the room.  Raises: as `refusal_of`."""
        place = client.session.duties.places.attached.get(wanted.room_id)
        if place is not None:
            return place.since
        standing = await self._asking.attach(client.person, wanted.room_id)
        if standing.code is not None:
            raise refusal_of(standing.code)
        return standing.head_seq

    def _frame(self, wanted: ReadLog, events: list[RoomEvent], answer: RangeAnswer) -> bytes:
        last = events[-1].seq if events else wanted.after_seq
        return events_frame(
            [event.frame for event in events],
            ref=wanted.ref,
            room_id=wanted.room_id,
            head_seq=answer.head_seq,
            more=last < answer.head_seq,
            ts=rfc3339(self._clock.now()),
        )


def _readable(events: list[RoomEvent], client: Client, since: Seq) -> list[RoomEvent]:
    """Return those that fit into one answer, and none behind the one that takes the reader out."""
    readable: list[RoomEvent] = []
    size = 0
    for event in events:
        size += len(event.frame)
        if readable and size > MAX_ANSWER_BYTES:
            break
        readable.append(event)
        if event.seq > since and detaches(event.detach, client.person_id):
            break
    return readable
