"""Tells rooms what is shown of people: signals, in the windows of each room.

A room that could not be told is shown everybody as soon as the bus is back: nobody would ask again,
and who missed a change would see somebody wrong until they change once more. What waits is bounded
by the number of rooms and of people in them.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

import structlog

from libs.common.bus.interface import Bus, Outgoing
from libs.common.bus.topology import EVENTS, bucket_key
from libs.common.clock import Clock
from libs.common.contracts.events import SIGNAL_BATCH, Signal, encode_batch
from libs.common.contracts.frames import Presence, PresenceShown, RoomPresence, RoomPresenceShown
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.errors import Unavailable
from libs.common.times import rfc3339
from services.presence.core.news import Crowd, News
from services.presence.core.seen import coarse
from services.presence.model import Change, Notice, Seen
from services.presence.settings import PresenceSettings

log = structlog.get_logger()


class Telling:
    """Publishes what is due in `news` of the people in `crowd`."""

    def __init__(
        self,
        bus: Bus,
        news: News,
        crowd: Crowd,
        *,
        settings: PresenceSettings,
        event_buckets: int,
        clock: Clock,
    ) -> None:
        self._bus = bus
        self._news = news
        self._crowd = crowd
        self._settings = settings
        self._event_buckets = event_buckets
        self._clock = clock
        # What is told of a room goes out in the order in which it became so.
        self._in_order = asyncio.Lock()

    async def tell(self, changes: Sequence[Change] = ()) -> None:
        """Tell the rooms of these, at once or when their window is over, and of what is due."""
        self._news.add(changes, self._clock.monotonic())
        async with self._in_order:
            notices = self._news.due(self._crowd, self._clock.monotonic())
            if notices:
                await self._publish(notices)

    def show(self, rooms: Iterable[RoomId]) -> None:
        """Have rooms told of everybody who is there, as soon as that is known."""
        self._news.show(rooms)

    async def run(self) -> None:
        """Tell rooms whose window is over, for ever."""
        while True:
            await self._clock.sleep(self._settings.tell_interval_s)
            await self.tell()
            self._news.forget_quiet(self._clock.monotonic())

    async def _publish(self, notices: Sequence[Notice]) -> None:
        by_key: dict[str, list[Notice]] = defaultdict(list)
        for notice in notices:
            by_key[bucket_key("s", notice.room_id, self._event_buckets)].append(notice)
        ts = rfc3339(self._clock.now())
        for key, of_key in by_key.items():
            signals = [signal for notice in of_key for signal in _signals(notice, ts)]
            message = Outgoing(EVENTS, key, SIGNAL_BATCH, encode_batch(signals))
            try:
                await self._bus.publish(message, timeout_s=self._settings.publish_timeout_s)
            except Unavailable:
                log.warning("presence_signals_not_taken", count=len(signals))
                self._news.show(notice.room_id for notice in of_key)


def _signals(notice: Notice, ts: str) -> list[Signal]:
    if notice.count is None:
        return [
            Signal(notice.room_id, "presence", seen.person_id, _person_frame(seen, ts))
            for seen in notice.people
        ]
    users = tuple(_shown(seen) for seen in notice.people)
    data = RoomPresenceShown(users=users, online_count=notice.count)
    frame = RoomPresence(ts=ts, room_id=notice.room_id, data=data).encode()
    # The room's own id in the place of a person's: of this too only the newest counts.
    return [Signal(notice.room_id, "presence", PersonId(notice.room_id), frame)]


@lru_cache(maxsize=256)
def _person_frame(seen: Seen, ts: str) -> bytes:
    """Return the frame, which is the same for all rooms that hear the person."""
    return Presence(ts=ts, data=_shown(seen)).encode()


def _shown(seen: Seen) -> PresenceShown:
    return PresenceShown(
        person_id=seen.person_id,
        state=seen.look.shown.value,
        status_text=seen.look.status_text,
        last_seen=coarse(seen.last_seen),
        rev=seen.rev,
    )
