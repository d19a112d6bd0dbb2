"""Which point is hit with which act: every kind of command that comes by, once each."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tests.chaos.crashes import acts
from tests.chaos.crashes.acts import BY_HTTP, BY_SOCKET, IN_AUTH, IN_ROOMS, Act
from tests.chaos.crashes.erasing import BY_ITSELF
from tests.chaos.crashes.hands import ERASURE
from tests.chaos.crashes.points import (
    ANSWERED,
    BEGUN_AGAIN,
    COMMITTED,
    HEARD,
    OF_ERASURE,
    POINTS,
)

Armament = tuple[str, str]
"""A point and a kind."""

LOGGED: Final = {name: act for name, act in BY_SOCKET.items() if name != "read"} | BY_ITSELF
COMMANDS: Final = {**BY_SOCKET, **IN_ROOMS, **BY_ITSELF}
CHANGES: Final = {name: act for name, act in COMMANDS.items() if name not in ("post", "read")}
"""What does more than append to the log, and so takes a transaction of several statements."""

LATE_NEWS: Final = "rooms: committed, not relayed"


@dataclass(frozen=True, slots=True)
class Case:
    """All points of `hits` are armed at once; every one of them must be hit."""

    point: str
    name: str
    act: Act
    hits: tuple[Armament, ...]

    def __str__(self) -> str:
        return f"{self.point}: {self.name}"


def all_cases() -> Iterator[Case]:
    """Yield everything that can be hit."""
    for point, these in _acts().items():
        for name, act in these.items():
            yield Case(point, name, act, ((point, act.kind),))
    for name, act in COMMANDS.items():
        yield Case(BEGUN_AGAIN, name, act, ((COMMITTED, act.kind), (BEGUN_AGAIN, act.kind)))
    point, name, write = "messages: put aside", "write at once", acts.WRITE_AT_ONCE
    yield Case(point, name, write, ((LATE_NEWS, "project_member"), (point, write.kind)))
    name, rename = "take another name", IN_AUTH["take another name"]
    for point in ("rooms: fact heard", "rooms: fact kept, not settled"):
        yield Case(point, name, rename, ((point, "UserChanged"),))


def erasures() -> Iterator[Case]:
    """Yield erasures in each of which one service dies at every point that it comes by."""
    for service, points in OF_ERASURE.items():
        hits = tuple((point, ERASURE) for point in points)
        yield Case(service, "erase", BY_ITSELF["erase"], hits)


def cross_section() -> Iterator[Case]:
    """Yield a few of them: every point is hit, and everything that can be done is done."""
    by_point: dict[str, list[Case]] = defaultdict(list)
    for case in all_cases():
        by_point[case.point].append(case)
    done: Counter[str] = Counter()
    hit: set[str] = set()
    # Those with the least choice choose first.
    for cases in sorted(by_point.values(), key=lambda cases: (-len(cases[0].hits), len(cases))):
        if cases[0].point not in hit:
            rarest = min(cases, key=lambda case: done[case.name])
            done[rarest.name] += 1
            hit |= {point for point, _ in rarest.hits}
            yield rarest


def _acts() -> Mapping[str, Mapping[str, Act]]:
    """Return what comes by each point by itself."""
    return {
        "messages: received": COMMANDS,
        "messages: decided, not written": COMMANDS,
        "messages: written, not committed": CHANGES,
        COMMITTED: COMMANDS,
        ANSWERED: LOGGED,
        HEARD: LOGGED,
        "messages: told, not settled": COMMANDS,
        "messages: settled": COMMANDS,
        "messages: cursor moved, others not told": {"read": BY_SOCKET["read"]},
        "messages: asked over HTTP": BY_HTTP,
        "messages: answered, HTTP not": BY_HTTP,
        **dict.fromkeys(POINTS["gateway"], BY_SOCKET),
        **{point: IN_ROOMS for point in POINTS["rooms"] if "fact" not in point},
        **dict.fromkeys(POINTS["auth"], IN_AUTH),
    }
