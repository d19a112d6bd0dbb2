"""However it ends, nothing of the program is left on the machine and nothing it said is lost."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import httpx
import pytest
import pytest_asyncio

from tests.support.processes import descendants, kill, mentioning, postmaster, running
from tests.support.program import Program
from tests.support.waiting import eventually
from tests.system.people import Person
from tests.system.test_transcripts import LAST, Running
from tests.transcripts.notation import FOLDER, load
from tests.transcripts.server import play

pytestmark = pytest.mark.asyncio(loop_scope="package")

STOPPED_WITHIN_S: Final = 20.0
STARTED_AGAIN_WITHIN_S: Final = 30.0
"""Each takes a second or two on an idle machine."""

IN_THE_BACKGROUND: Final = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")
"""How `command &` of a script starts a program: it begins with SIGINT ignored."""


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def program(module_folder: Path) -> AsyncIterator[Program]:
    """The one program, with time to look at it when it is about to leave."""
    async with Program(module_folder, settings={"DRAIN_NOTICE_S": "0.5"}) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="package", autouse=True)
async def runs_again(program: Program) -> AsyncIterator[None]:
    """Start the program before a test if the one before has ended it."""
    if not program.is_running:
        await program.start()
    yield


async def assert_gone(program: Program, begun: set[int]) -> None:
    """See that nothing runs any more of what the program has begun, and nothing on its folder."""

    async def left() -> set[int]:
        return running(begun) | mentioning(program.folder).keys()

    await eventually(left, lambda pids: not pids)


async def test_ctrl_c_ends_it_with_everything_it_has_begun_and_it_starts_again(
    program: Program, alice: Person, room: str
) -> None:
    written = await alice.write(room, "See you")
    begun = descendants(program.pid)
    async with alice.wire(room), asyncio.timeout(STOPPED_WITHIN_S):
        status = await program.stop()

    assert status == 0
    assert begun
    assert "Traceback" not in "\n".join(program.output)
    await assert_gone(program, begun)

    async with asyncio.timeout(STARTED_AGAIN_WITHIN_S):
        await program.start()
    assert [one["id"] for one in await alice.history(room)] == [written["id"]]
    await program.says("Ctrl-C")
    assert not [line for line in program.output if "database" in line]


@pytest.mark.parametrize(
    "shell", [(), IN_THE_BACKGROUND], ids=["in the foreground", "in the background"]
)
async def test_ctrl_c_during_a_start_leaves_nothing_behind(
    folder: Path, shell: tuple[str, ...]
) -> None:
    program = Program(folder, prefix=shell)
    await program.launch()
    await program.says("Creating the database")
    begun = descendants(program.pid)

    status = await program.stop()

    assert status in (0, 130)
    assert "Traceback" not in "\n".join(program.output)
    await assert_gone(program, begun)


async def test_on_its_way_down_it_sends_clients_elsewhere_and_keeps_what_it_acknowledged(
    program: Program, alice: Person, bob: Person, room: str, stranger: httpx.AsyncClient
) -> None:
    keys = [f"last-{at}" for at in range(10)]
    async with alice.wire(room) as alices, bob.wire() as bobs:
        for key in keys:
            await alices.tell("send_message", key, room_id=room, client_msg_id=key, content=key)
        program.send(signal.SIGTERM)
        ready = await eventually(
            lambda: stranger.get("/readyz"), lambda answer: answer.status_code != httpx.codes.OK
        )
        farewells = [await one.hear("reconnect") for one in (alices, bobs)]
        closes = [(await one.closed())[0] for one in (alices, bobs)]
        answers = {frame.ref: frame for frame in alices.frames if frame.ref in keys}
    async with asyncio.timeout(STOPPED_WITHIN_S):
        status = await program.ended()

    assert ready.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert [farewell.data["reason"] for farewell in farewells] == ["drain", "drain"]
    assert all(farewell.data["after_ms"] >= 0 for farewell in farewells)
    assert closes == [1012, 1012]
    assert status == 0
    assert answers.keys() == set(keys)
    await program.start()
    stored = {one["client_msg_id"]: one["seq"] for one in await alice.history(room)}
    acks = {key: one.data["seq"] for key, one in answers.items() if one.type == "ack"}
    assert acks
    assert acks.items() <= stored.items()


async def test_after_a_kill_it_starts_as_if_nothing_had_been(
    program: Program, alice: Person, bob: Person, room: str
) -> None:
    written = await alice.write(room, "Before the kill", client_msg_id="before")
    begun = descendants(program.pid)

    await program.kill()
    await program.start()

    again = await alice.write(room, "Before the kill", client_msg_id="before")
    after = await bob.write(room, "After the kill")
    assert again["id"] == written["id"]
    assert [one["id"] for one in await bob.history(room)] == [written["id"], after["id"]]
    assert running(begun) == set()


async def test_a_postgres_that_was_killed_ends_the_program_with_a_line_that_says_so(
    program: Program, alice: Person, room: str
) -> None:
    written = await alice.write(room, "Before the crash")
    begun = descendants(program.pid)

    kill(postmaster(program.folder))
    async with asyncio.timeout(2 * STOPPED_WITHIN_S):
        status = await program.ended()

    assert status == 1
    assert [line for line in program.output if "Postgres was killed by SIGKILL" in line]
    assert "Traceback" not in "\n".join(program.output)
    await assert_gone(program, begun)
    await program.start()
    assert [one["id"] for one in await alice.history(room)] == [written["id"]]


class Stopped(Running):
    """The program, when a transcript is the last that it hears."""

    async def stop(self) -> None:
        assert isinstance(self.program, Program)
        self.program.send(signal.SIGTERM)


async def test_a_transcript_of_a_drain_happens_as_it_is_written(program: Program) -> None:
    stage = Stopped(program)
    try:
        await play(load(FOLDER / f"{LAST}.txt"), stage)
    finally:
        await stage.close()
    assert await program.ended() == 0
