"""A process that dies is started again."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.fleet.keeper import GROWN_UP_S, LONGEST_PAUSE_S, Keeper
from services.fleet.plan import Member
from services.nodes.guarded import Ending
from tests.support.clock import CountedChance, SetClock, settle

MEMBER = Member("rooms", "rooms", 1, 2)


class Process:
    """Runs until it is told to die."""

    def __init__(self, pid: int) -> None:
        self.program_pid = pid
        self._end = asyncio.get_running_loop().create_future()

    def die(self) -> None:
        self._end.set_result(Ending(1, ()))

    async def ended(self) -> Ending:
        return await asyncio.shield(self._end)

    async def stop(self) -> Ending:
        if not self._end.done():
            self._end.set_result(Ending(0, ()))
        return await self.ended()


class Scene:
    """A keeper, its clock, and the processes that it has started."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.processes: list[Process] = []
        self.keeper = Keeper(
            MEMBER,
            self._start,
            log_file=Path("rooms.log"),
            clock=self.clock,
            chance=CountedChance(),
        )

    async def _start(self) -> Process:
        self.processes.append(Process(100 + len(self.processes)))
        return self.processes[-1]

    async def dies(self) -> None:
        self.processes[-1].die()
        await settle()


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    scene = Scene()
    running = asyncio.create_task(scene.keeper.run())
    await settle()
    yield scene
    await scene.keeper.stop()
    running.cancel()


async def test_it_is_started_at_once(scene: Scene) -> None:
    assert (len(scene.processes), scene.keeper.pid, scene.keeper.starts) == (1, 100, 1)


async def test_it_is_started_again_when_it_dies(scene: Scene) -> None:
    await scene.dies()
    await scene.clock.advance(0.2)

    assert (scene.keeper.pid, scene.keeper.starts) == (101, 2)


async def test_one_that_dies_young_again_and_again_is_waited_for_longer(scene: Scene) -> None:
    for _ in range(10):
        await scene.dies()
        await scene.clock.advance(LONGEST_PAUSE_S)
    starts = scene.keeper.starts
    await scene.dies()

    await scene.clock.advance(1.0)

    assert scene.keeper.starts == starts


async def test_one_that_has_lived_for_a_while_is_started_soon(scene: Scene) -> None:
    for _ in range(10):
        await scene.dies()
        await scene.clock.advance(LONGEST_PAUSE_S)
    await scene.clock.advance(GROWN_UP_S)
    starts = scene.keeper.starts
    await scene.dies()

    await scene.clock.advance(0.2)

    assert scene.keeper.starts == starts + 1


async def test_one_that_was_stopped_is_not_started_again(scene: Scene) -> None:
    await scene.keeper.stop()
    await scene.clock.advance(LONGEST_PAUSE_S)

    assert scene.keeper.starts == 1
