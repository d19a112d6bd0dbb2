"""The crowd in a process of its own, which hears what to do next over a pipe.

So its work is counted apart from everything else, and nothing else delays it.
"""

import asyncio
import gc
import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Final, Self

from tests.bench.crowd import (
    Crowd,
    Seat,
    clock,
    hear_the_rest,
    talk_at_a_pace,
    talk_without_pause,
)
from tests.bench.tally import Outcome, Tally

LOOK_S: Final = 0.02
"""How often it looks for a word from us while nobody talks."""

STOP_TIMEOUT_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Enter:
    """Connect and join. Each message is heard by so many `others`."""

    seats: Sequence[Seat]
    others: int


@dataclass(frozen=True, slots=True)
class Pace:
    """Talk at an even pace."""

    per_s: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Flood:
    """Talk without a pause, with so many messages of each person on their way at any time."""

    in_flight: int
    seconds: float


@dataclass(frozen=True, slots=True)
class HearTheRest:
    """Wait until everything was heard, or for so long, and tell what came of the last talk."""

    at_most_s: float


Wish = Enter | Pace | Flood | HearTheRest


class Generator:
    """The process, from our side."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_run, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.join(STOP_TIMEOUT_S)

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    async def do(self, wish: Enter | Pace | Flood) -> int:
        """Return when it is done: how many of this talk's messages are acknowledged by then.

        Raises: EOFError, after it has said why it ended.
        """
        self._pipe.send(wish)
        acked: int = await asyncio.to_thread(self._pipe.recv)
        return acked

    async def outcome(self, *, at_most_s: float) -> Outcome:
        """Return what came of the last talk, once everything was heard or time is up."""
        self._pipe.send(HearTheRest(at_most_s))
        outcome: Outcome = await asyncio.to_thread(self._pipe.recv)
        return outcome


def _run(pipe: "Connection[Outcome | int, Wish]") -> None:
    gc.disable()
    crowd = Crowd(Tally(first=0, others=0))
    while True:
        while not pipe.poll(0):
            crowd.listen(clock() + LOOK_S)
        pipe.send(_obey(crowd, pipe.recv()))


def _obey(crowd: Crowd, wish: Wish) -> Outcome | int:
    match wish:
        case Enter(seats, others):
            crowd.tally.others = others
            crowd.enter(seats)
        case Pace(per_s, seconds):
            _begin(crowd)
            talk_at_a_pace(crowd, per_s=per_s, seconds=seconds, seed=1)
        case Flood(in_flight, seconds):
            _begin(crowd)
            talk_without_pause(crowd, in_flight=in_flight, seconds=seconds)
        case HearTheRest(at_most_s):
            hear_the_rest(crowd, at_most_s=at_most_s)
            return crowd.tally.outcome()
    return len(crowd.tally.acks_s)


def _begin(crowd: Crowd) -> None:
    """Begin a talk whose numbers go on where those of the last one ended."""
    last = crowd.tally
    crowd.tally = Tally(first=last.first + len(last.due_at), others=last.others)
