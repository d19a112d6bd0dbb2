"""A runner that finds nothing proves nothing: a program that is broken on purpose is caught, and
the clause that is named is the one that fits.

See: docs/conformance.md, which has the same table.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

import pytest
import pytest_asyncio

from tests.architecture.tree import read
from tests.conformance.__main__ import main
from tests.conformance.cast import Cast
from tests.conformance.catalogue import clauses
from tests.conformance.runner import Verdict, run
from tests.conformance.server import Options, Server
from tests.support.program import Program
from tests.system.conformance.broken.breaks import PLACES
from tests.system.conformance.broken.switch import Switch
from tests.system.conformance.settings import SETTINGS

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.proof]

CAUGHT_BY: Final = {
    "acknowledges before the commit": "P14",
    "forgets an answer": "P13",
    "answers a repeat with another id": "P15",
    "drops the last event of a burst": "P17 P18",
    "doubles an event": "P17 P18",
    "swaps events": "P17 P18",
    "leaves out without a gap": "P22",
    "forgets the epoch": "P23",
    "delivers after a removal": "P26",
    "shows the invisible": "P32",
    "keeps sockets of a session that ended": "P35",
    "ignores the rate of messages": "P37",
    "ignores the limit of frames": "P9",
    "lets every page in": "P6",
}

NEIGHBOURS: Final = frozenset(["P6", "P9", "P13", "P14", "P16", "P23", "P26", "P32", "P35"])
"""Clauses that are quickly looked at, and that only what is meant for them breaks."""

REMOVALS: Final = frozenset({"P26"})

CONSEQUENCES: Final = {
    "acknowledges before the commit": NEIGHBOURS,
    "forgets an answer": NEIGHBOURS,
    "drops the last event of a burst": REMOVALS,
    "doubles an event": REMOVALS,
    "swaps events": REMOVALS,
}
"""What else may not be kept then: clauses that need a message to be there, an answer to come, or
the event that takes somebody out to come in its turn.
"""

WAIT_S: Final = 2.0
"""How long what never comes is waited for."""

BURSTS: Final = {
    "GATEWAY_ROOM_SENDS_BURST": "400",
    "GATEWAY_ROOM_SENDS_PER_S": "400",
    "GATEWAY_SENDS_BURST": "100",
    "MESSAGES_ROOM_SENDS_BURST": "400",
    "MESSAGES_ROOM_SENDS_PER_S": "400",
}
"""Settings with which many messages are on their way at once."""


@dataclass(frozen=True, slots=True)
class Breakable:
    """A program that can be broken, and people in it."""

    url: str
    switch: Switch
    cast: Cast

    async def failing(self, what: str) -> set[str]:
        """Break something and return the numbers of the clauses that are not kept then."""
        self.switch.turn_to(what)
        looked_at = NEIGHBOURS.union(CAUGHT_BY.get(what, "").split())
        chosen = [one for one in clauses() if one.number in looked_at]
        try:
            outcomes = await run(self.cast, chosen, ["socket"])
        finally:
            self.switch.turn_off()
        return {one.clause.number for one in outcomes if one.verdict is Verdict.FAILED}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Breakable]:
    folder = tmp_path_factory.mktemp("broken")
    switch = Switch(folder / "switch")
    async with Program(folder / "data", settings=SETTINGS | BURSTS | switch.settings) as running:
        server = await Server.find(Options(running.url, wait_s=WAIT_S))
        async with Cast(server) as cast:
            yield Breakable(running.url, switch, cast)
    shutil.rmtree(folder)


async def test_with_nothing_broken_nothing_is_found(program: Breakable) -> None:
    assert await program.failing("nothing") == set()


@pytest.mark.parametrize("what", PLACES)
async def test_what_is_broken_is_caught_by_the_clause_that_fits(
    program: Breakable, what: str
) -> None:
    failing = await program.failing(what)

    fitting = set(CAUGHT_BY[what].split())
    assert fitting <= failing <= fitting | CONSEQUENCES.get(what, frozenset())


async def test_the_report_names_the_clause_and_the_exit_status_tells(
    program: Breakable, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--url", program.url, "--only", "P6"]

    kept = await asyncio.to_thread(main, words)
    program.switch.turn_to("lets every page in")
    broken = await asyncio.to_thread(main, words)
    program.switch.turn_off()

    assert (kept, broken) == (0, 1)
    assert "P6 over socket: expected a refusal of the handshake" in capsys.readouterr().out


@pytest.mark.parametrize("what", PLACES)
async def test_the_document_has_it_in_its_table(what: str) -> None:
    fitting = CAUGHT_BY[what].replace(" ", ", ")

    assert f"| {what} | {fitting} |" in read("docs/conformance.md")
