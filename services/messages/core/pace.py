"""How fast a room may be written to: by all together, and in slow mode by each member.

A pace is a value, so that a decision that is thrown away has taken nothing. It lives in memory
only: a restart forgives what was taken before. Times are those of a clock that never goes back.
"""

from itertools import islice
from math import ceil
from operator import itemgetter
from typing import Final

import msgspec

from libs.common.contracts.ids import PersonId
from libs.common.errors import TooMany
from libs.common.ratelimit import Limit

NS: Final = 1_000_000_000
MS: Final = 1_000_000

MAX_REMEMBERED: Final = 1_000
"""Members of a slow room whose last message is remembered; beyond it the oldest are forgiven."""


class SlowMode(TooMany):
    code = "slow_mode"
    message = "This room is in slow mode. Wait before you write again."


class Pace(msgspec.Struct, frozen=True, gc=False):
    """When the room's bucket is full again, and who of a slow room wrote when, oldest first."""

    full_at_ns: int = 0
    wrote_at_ns: dict[PersonId, int] = {}


def take_room(pace: Pace, *, limit: Limit, now_ns: int) -> Pace:
    """Take one message of what the whole room may write.  Raises: TooMany."""
    return Pace(limit.taken(pace.full_at_ns, now_ns), pace.wrote_at_ns)


def take_turn(pace: Pace, person_id: PersonId, *, slow_mode_s: int, now_ns: int) -> Pace:
    """Take the person's turn in a slow room.  Raises: SlowMode."""
    wrote = dict(pace.wrote_at_ns)
    wrote_at_ns = wrote.pop(person_id, None)
    if wrote_at_ns is not None:
        wait_ns = wrote_at_ns + slow_mode_s * NS - now_ns
        if wait_ns > 0:
            raise SlowMode(retry_after_ms=ceil(wait_ns / MS))
    wrote[person_id] = now_ns
    return _remembering(pace, wrote)


def go_on(pace: Pace, person_id: PersonId, *, formerly: PersonId) -> Pace:
    """Let somebody who comes again under another id wait as long as under the one before."""
    wrote_at_ns = pace.wrote_at_ns.get(formerly)
    if wrote_at_ns is None:
        return pace
    wrote = pace.wrote_at_ns | {person_id: wrote_at_ns}
    return _remembering(pace, dict(sorted(wrote.items(), key=itemgetter(1))))


def _remembering(pace: Pace, wrote_at_ns: dict[PersonId, int]) -> Pace:
    surplus = max(0, len(wrote_at_ns) - MAX_REMEMBERED)
    return Pace(pace.full_at_ns, dict(islice(wrote_at_ns.items(), surplus, None)))
