"""One room on the way in: where a replay starts and ends, and how it came out."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from libs.common.contracts.frames import PresenceShown
from libs.common.contracts.ids import Epoch, PersonId, RoomId, Seq
from libs.common.contracts.internal import RoomOnline, RoomStanding
from libs.common.errors import ChatError, NotFound
from services.gateway.core.effects import From
from services.gateway.core.refusals import Busy
from services.gateway.frames import heard
from services.gateway.hub.asking import RANGE_LIMIT
from services.gateway.hub.joining import Joining

START: Final = Seq(0)

MEANWHILE: Final = 4
"""Events that may have come since it was known how many are missing."""


@dataclass(slots=True)
class Way:
    """`was_at` is set for a listener that was live before: so far it had heard the room.

    `start` is the cursor of a replay, `target` its end; `gap` says what was not replayed.
    """

    wanted: From
    joining: Joining
    was_at: Seq | None
    standing: RoomStanding | None = None
    start: Seq = START
    target: Seq = START
    gap: heard.Gap | None = None
    refusal: ChatError | None = None

    @property
    def room_id(self) -> RoomId:
        return self.wanted.room_id

    @property
    def epoch(self) -> Epoch:
        return self.standing.epoch if self.standing else Epoch("")

    @property
    def trouble(self) -> ChatError | None:
        """Return why the listener does not get in."""
        return self.refusal or (Busy() if self.joining.is_cancelled else None)

    def plan(self, standing: RoomStanding, *, longest: int) -> int:
        """Decide what is replayed, at most `longest` events, and return how many those are.

        Only up to where `standing` was true is nothing looked at: an event behind that, which the
        hub may know by now, may have taken the listener out again.
        """
        self.standing = standing
        seq, head = self.wanted.seq, standing.head_seq
        if seq is not None and (self.wanted.epoch != standing.epoch or seq > head):
            self.skip(Seq(0), head, "epoch")
        elif seq is not None and head - seq > longest:
            self.skip(seq, head, "too_many")
        else:
            self.target = head
            self.start = self.joining.position = head if seq is None else seq
            self.joining.epoch = standing.epoch
        return 0 if self.gap else self.target - self.start

    @property
    def next_range(self) -> int:
        """Return how many events to ask for next: not many more, as others ask in the same call."""
        missing = self.target - self.joining.position
        return min(missing + MEANWHILE, RANGE_LIMIT) if missing > 0 else RANGE_LIMIT

    def skip(self, after: Seq, head: Seq, reason: heard.GapReason) -> heard.Gap:
        """Give up what is between, and go on from `head` once the gap was told."""
        shown = heard.GapShown(from_seq=Seq(after + 1), to_seq=head, reason=reason)
        self.gap = heard.Gap(room_id=self.room_id, data=shown)
        self.target = head
        return self.gap

    def told(self, gap: heard.Gap) -> heard.Gap:
        """Note that the listener hears of the gap now; before that it has not got so far."""
        self.joining.position, self.joining.epoch = gap.data.to_seq, self.epoch
        return gap

    def outcome(self) -> heard.Recovered | heard.NotRecovered:
        """Return what `resumed` says of this room."""
        if isinstance(self.trouble, NotFound):
            return heard.NotRecovered(room_id=self.room_id, reason="not_found")
        if self.trouble is not None:
            return heard.NotRecovered(room_id=self.room_id, reason="unavailable")
        if self.gap is not None:
            return heard.NotRecovered(room_id=self.room_id, reason=self.gap.data.reason)
        return heard.Recovered(room_id=self.room_id, from_seq=self.start, to=self.joining.position)

    def joined(
        self, standing: RoomStanding, online: RoomOnline, *, hidden: AbstractSet[PersonId]
    ) -> heard.JoinedShown:
        """Return what `room_joined` says; who is `hidden` is not there."""
        there = [one for one in online.person_ids if one not in hidden]
        count = online.count - (len(online.person_ids) - len(there))
        return heard.JoinedShown(
            room_id=self.room_id,
            epoch=standing.epoch,
            head_seq=self.joining.position,
            read_seq=standing.read_seq,
            role=standing.role,
            recovered=self.gap is None,
            online=tuple(there),
            online_count=count if online.is_known else None,
            states=tuple(
                PresenceShown(**dict(one)) for one in online.states if one.person_id not in hidden
            ),
        )
