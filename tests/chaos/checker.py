"""Holds what clients saw against what the history says, and both against the promise.

It looks only from outside: at what each client noted, and at the history that anybody can read over
HTTP. It never looks into the database.

    lost       acknowledged, but not in the history
    doubled    twice in the history, or twice at one member
    holes      a member who stayed misses an entry, or saw it out of order
    ghosts     delivered, but not in the history
    altered    acknowledged with another seq than the history has
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Stored:
    """One message as the history shows it."""

    seq: int
    client_msg_id: str


@dataclass(slots=True)
class RoomRecord:
    """What was noted about one room: acks by id, when each came and how long it was waited for
    (seconds of any clock), per member the messages as they came, and which gaps members were told
    of: nobody here is away for so long that there should be one.
    """

    acked: dict[str, int] = field(default_factory=dict)
    waits: list[tuple[float, float]] = field(default_factory=list)
    sent: set[str] = field(default_factory=set)
    seen: dict[str, list[Stored]] = field(default_factory=dict)
    gaps: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Verdict:
    sent: int
    acked: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    holes: tuple[str, ...]
    ghosts: tuple[str, ...]
    altered: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.doubled or self.holes or self.ghosts or self.altered)


def judge(records: Mapping[str, RoomRecord], histories: Mapping[str, Sequence[Stored]]) -> Verdict:
    """Return every breach of the promise in these rooms."""
    lost, doubled, holes, ghosts, altered = [list[str]() for _ in range(5)]
    for room_id, record in records.items():
        history = histories[room_id]
        places = {stored.client_msg_id: stored.seq for stored in history}
        lost += [one for one in record.acked if one not in places]
        altered += [one for one, seq in record.acked.items() if places.get(one, seq) != seq]
        doubled += _twice(stored.client_msg_id for stored in history)
        ghosts += [one for one in places if one not in record.sent]
        holes += record.gaps
        for member, seen in record.seen.items():
            doubled += [f"{member}: {one}" for one in _twice(one.client_msg_id for one in seen)]
            ghosts += [f"{member}: {one.client_msg_id}" for one in seen if one not in history]
            if [one.seq for one in seen] != [stored.seq for stored in history]:
                holes.append(f"{member}: {_first_difference(seen, history)}")
    return Verdict(
        sent=sum(len(record.sent) for record in records.values()),
        acked=sum(len(record.acked) for record in records.values()),
        lost=tuple(lost),
        doubled=tuple(doubled),
        holes=tuple(holes),
        ghosts=tuple(ghosts),
        altered=tuple(altered),
    )


def _twice(ids: Iterable[str]) -> list[str]:
    return [one for one, times in Counter(ids).items() if times > 1]


def _first_difference(seen: Sequence[Stored], history: Sequence[Stored]) -> str:
    for place, (saw, stored) in enumerate(zip(seen, history, strict=False)):
        if saw.seq != stored.seq:
            return f"entry {place}: saw seq {saw.seq}, history has {stored.seq}"
    return f"saw {len(seen)} of {len(history)}"
