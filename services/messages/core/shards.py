"""Who serves which shard, and when one changes hands.

A shard has many consumers and one of them is active, the first that came; the broker sees to that.
So every instance consumes every shard, and all that is decided here is who comes first:

    ours                  taken at once
    another's             taken `standby_s` later, behind its owner; when that one dies the broker
                          goes on with us, at once, and nothing is decided
    another's, and we     handed over, if its owner lives: closed, then taken again as a standby
    are the active one

Nothing here is needed for a log to be right (the head of a room sees to that): only for the load to
be spread, and for each room to be written by one instance at a time.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from libs.common.claims import Standing


@dataclass(frozen=True, slots=True)
class Outlook:
    """How things stand: as it was `agreed`, and as it was `seen` last, unchanged since `since`."""

    agreed: Standing
    seen: Standing
    since: float


def outlook(before: Outlook | None, seen: Standing, *, now: float, settle_s: float) -> Outlook:
    """Return the outlook after another look.

    Who comes or goes counts after `settle_s` without further change: an instance that is back that
    soon finds everything as it was. An ordinal of our own that is another one counts at once.
    """
    if before is None or before.agreed.ordinal != seen.ordinal:
        return Outlook(seen, seen, now)
    since = before.since if before.seen == seen else now
    agreed = seen if now - since >= settle_s else before.agreed
    return Outlook(agreed, seen, since)


def owner(shard: int, live: tuple[int, ...]) -> int:
    """Return the ordinal of the owner of a shard: those who live take turns."""
    return live[shard % len(live)]


def ours(standing: Standing | None, shards: int) -> list[int]:
    """Return the shards of this instance, all else being another's; none without a standing."""
    if standing is None:
        return []
    return [one for one in range(shards) if owner(one, standing.live) == standing.ordinal]


def to_take(absent: Mapping[int, float], own: Collection[int], *, now: float) -> list[int]:
    """Return the shards to consume now, our own first.

    `absent` says of each that is not consumed from when on we may stand by for it.
    """
    mine = [shard for shard in absent if shard in own]
    due = [shard for shard, at in absent.items() if at <= now and shard not in own]
    return mine + due


def to_hand_over(serving: Collection[int], outlook: Outlook) -> list[int]:
    """Return those of the shards that we serve whose owner is another one, and lives."""
    agreed, seen = outlook.agreed, outlook.seen
    owners = {shard: owner(shard, agreed.live) for shard in sorted(serving)}
    return [shard for shard, its in owners.items() if its != agreed.ordinal and its in seen.live]
