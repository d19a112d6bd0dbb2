"""A node that dies is started again, until it works."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.fleet.nodes import RESTART_PAUSE_S, NodeKeeper
from services.nodes.folder import StartFailed
from tests.support.clock import CountedChance, SetClock, settle


class Node:
    """Answers until it is told to die."""

    def __init__(self, pid: int) -> None:
        self.pid: int | None = pid
        self.was_stopped = False
        self._end = asyncio.get_running_loop().create_future()

    def die(self) -> None:
        self.pid = None
        self._end.set_result("it was killed")

    async def wait_dead(self) -> str:
        reason: str = await asyncio.shield(self._end)
        return reason

    async def stop(self) -> None:
        self.was_stopped = True


class Scene:
    """A keeper, its clock, and the servers that it has started."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.nodes: list[Node] = []
        self.refusals = 0
        self.keeper = NodeKeeper(
            "rabbitmq",
            self._start,
            log_file=Path("rabbitmq.log"),
            clock=self.clock,
            chance=CountedChance(),
        )

    async def _start(self) -> Node:
        if self.refusals:
            self.refusals -= 1
            raise StartFailed("The disk is full.")
        self.nodes.append(Node(100 + len(self.nodes)))
        return self.nodes[-1]

    async def dies(self) -> None:
        self.nodes[-1].die()
        await settle()


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    scene = Scene()
    running = asyncio.create_task(scene.keeper.run(await scene.keeper.start()))
    await settle()
    yield scene
    running.cancel()
    await asyncio.wait({running})


async def test_a_node_that_died_has_no_process_id(scene: Scene) -> None:
    await scene.dies()

    assert scene.keeper.pid is None


async def test_a_node_that_dies_is_started_again(scene: Scene) -> None:
    await scene.dies()

    await scene.clock.advance(RESTART_PAUSE_S[0])

    assert (scene.keeper.pid, scene.keeper.starts) == (101, 2)


async def test_a_node_that_cannot_start_is_tried_again(scene: Scene) -> None:
    scene.refusals = 3
    await scene.dies()

    await scene.clock.advance(4 * RESTART_PAUSE_S[1])

    assert (scene.keeper.pid, scene.keeper.starts) == (101, 5)


async def test_a_node_that_cannot_start_the_first_time_ends_the_start() -> None:
    scene = Scene()
    scene.refusals = 1

    with pytest.raises(StartFailed, match="disk is full"):
        await scene.keeper.start()


async def test_the_end_of_the_keeper_stops_the_node() -> None:
    scene = Scene()
    running = asyncio.create_task(scene.keeper.run(await scene.keeper.start()))
    await settle()

    running.cancel()
    await asyncio.wait({running})

    assert scene.nodes[0].was_stopped
