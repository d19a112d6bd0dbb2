"""What presence tells and what that costs, against how many are there and how many change.

    python -m tests.bench.presence

Each line is half a minute as `presence_play` plays it, in rooms of fifty or in one of all: what was
on the bus in all and for each change, and the share of a core. A signal is for one room, of one
person. Below stand the same for twice and four times as many people, changes, or both, against the
first; and rooms of other sizes in which much happens.

What is claimed is held to: nothing is told when nothing changes, a change costs the bus as much
however many people or changes there are, CPU is a sum of so much for each person and so much for
each change, a room is told no more often than its window says, and of a large one only its number.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from typing import Final

from libs.common.collector import spare_what_is_there
from tests.bench.claims import Claims, tell
from tests.bench.presence_play import (
    EVERYBODY,
    ROOM_SIZE,
    SECONDS,
    SETTINGS,
    Played,
    everybody_comes,
    play,
    presence_of,
)

PEOPLE: Final = 2_500
CHANGES_PER_S: Final = 25
TIMES: Final = ((1, 0), (4, 0), (1, 1), (2, 1), (4, 1), (1, 2), (1, 4), (2, 2), (4, 4))
"""So many times as many people and changes. The third is what all others are held against."""

MOST_ON_THE_BUS: Final = 1.1
"""Times as much for each change. Windows only ever hold back, so with more in each room it is
less."""

MOST_CPU: Final = 1.5
"""Times as much as in a straight line: what does not fit into the processor's memory costs more."""

CROWDS: Final = (40, 500, 2_000)
BUSY_PER_S: Final = 20

ASKED: Final = (1_000, 10_000)
ASKS: Final = 2_000
MOST_OF_A_QUESTION: Final = 2.0


async def main() -> None:
    spare_what_is_there()
    claims = Claims()
    for in_one_room, where in ((False, f"rooms of {ROOM_SIZE}"), (True, "one room")):
        tell(f"\n| people, {where} | changes/s | messages | signals | KB | of a core |")
        tell("|---|---|---|---|---|---|")
        found = [await _played(*times, in_one_room=in_one_room) for times in TIMES]
        _compare(found, where, claims)
    await _windows(claims)
    await _questions(claims)
    claims.end()


async def _played(people: int, changes: int, *, in_one_room: bool) -> Played:
    """Play for so many times as many people and changes, and tell what came of it."""
    one = await play(people * PEOPLE, changes * CHANGES_PER_S, in_one_room=in_one_room)
    cells = (
        f"{one.people:,}",
        str(one.changes_per_s),
        f"{one.messages:,}{_each(one.messages, one)}",
        f"{one.signals:,}{_each(one.signals, one)}",
        f"{one.size_bytes / 1024:,.0f}",
        f"{one.cores:.2%}",
    )
    tell(f"| {' | '.join(cells)} |")
    return one


def _each(count: int, one: Played) -> str:
    return f" ({count / one.changes:.2f} each)" if one.changes else ""


def _compare(found: Sequence[Played], where: str, claims: Claims) -> None:
    """Tell each against the first in which something changes, and hold it to a straight line."""
    alone, base = found[0], found[2]
    of_people, of_changes = alone.cores, max(0.0, base.cores - alone.cores)
    tell(f"\n| times as many people, changes, {where} | messages each | signals each | CPU |")
    tell("|---|---|---|---|")
    for (people, changes), one in zip(TIMES, found, strict=True):
        what = f"{where}, {people}x people, {changes}x changes"
        cpu = one.cores / (people * of_people + changes * of_changes)
        if not changes:
            claims.hold(f"messages when nothing changes, {what}", found=one.messages, at_most=0)
        elif one is not base:
            messages = one.messages / base.messages / changes
            signals = one.signals / base.signals / changes
            tell(f"| {people}, {changes} | {messages:.2f} | {signals:.2f} | {cpu:.2f} |")
            claims.hold(f"messages each, {what}", found=messages, at_most=MOST_ON_THE_BUS)
            claims.hold(f"signals each, {what}", found=signals, at_most=MOST_ON_THE_BUS)
        claims.hold(f"CPU against a straight line, {what}", found=cpu, at_most=MOST_CPU)


async def _windows(claims: Claims) -> None:
    """Let much happen in rooms of each manner."""
    tell(f"\n| people in a room, {BUSY_PER_S} changes/s | messages in {SECONDS} s | signals |")
    tell("|---|---|---|")
    for people in CROWDS:
        one = await play(people, BUSY_PER_S, in_one_room=True)
        tell(f"| {people:,} | {one.messages} | {one.signals} |")
        is_small = people <= SETTINGS.small_room_people
        window_s = SETTINGS.small_window_s if is_small else SETTINGS.large_window_s
        most = SECONDS / window_s + 1
        claims.hold(f"messages to a room of {people}", found=one.messages, at_most=most)
        if people > SETTINGS.named_people:
            claims.hold("signals to it, its number only", found=one.signals, at_most=most)


async def _questions(claims: Claims) -> None:
    """Ask who is in a large room, as whoever comes does."""
    few, many = [await _question_us(people) for people in ASKED]
    tell(f"\nWho is there, asked of {ASKED[0]:,} and {ASKED[1]:,}: {few:.0f} us, {many:.0f} us")
    claims.hold(
        "the second of these against the first", found=many / few, at_most=MOST_OF_A_QUESTION
    )


async def _question_us(people: int) -> float:
    presence = presence_of(people, in_one_room=True, chance=random.Random(people))
    await everybody_comes(presence)
    began = time.process_time()
    for _ in range(ASKS):
        presence.roster.seen_in(EVERYBODY, at_most=SETTINGS.shown_people)
        presence.roster.count_in(EVERYBODY)
    return (time.process_time() - began) / ASKS * 1e6


if __name__ == "__main__":
    asyncio.run(main())
