"""All clauses, in the order of their numbers."""

from typing import Final

from tests.conformance.clause import Clause
from tests.conformance.clauses import (
    frames,
    handshake,
    limits,
    order,
    polls,
    presence,
    replay,
    rooms,
    sending,
    sessions,
    stopping,
)

NUMBERS: Final = tuple(f"P{number}" for number in range(1, 41))


def clauses() -> list[Clause]:
    """Return every clause; those of one number stand as in their module."""
    modules = (
        handshake, frames, sending, order, replay, rooms, presence, sessions, limits, stopping,
        polls,
    )  # fmt: skip
    found = [clause for module in modules for clause in module.CLAUSES]
    return sorted(found, key=lambda clause: NUMBERS.index(clause.number))
