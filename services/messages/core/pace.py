"""How fast a room may be written to: by all together, and in slow mode by each member.

A pace is a value, so that a decision that is thrown away has taken nothing. It lives in memory
only: a restart forgives what was taken before. Times are those of a clock that never goes back.
"""

from itertools import islice
from math import ceil
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
    surplus = max(0, len(wrote) - MAX_REMEMBERED)
    return Pace(pace.full_at_ns, dict(islice(wrote.items(), surplus, None)))
