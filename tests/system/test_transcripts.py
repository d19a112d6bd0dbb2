"""What docs/transcripts say is what happens, in either shape."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

import pytest
import pytest_asyncio

from hubbub_client.api import Api
from tests.support.shapes import Shape
from tests.system.people import Person
from tests.transcripts.notation import Transcript, transcripts
from tests.transcripts.server import play

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.usefixtures("unharmed")]

LAST: Final = "drain"
"""Ends the server, so tests/system/test_stopping.py plays it."""

HERE: Final = [one for one in transcripts() if one.name != LAST]


@dataclass
class Running:
    """A Hubbub that goes on; who was met in one transcript is met again in the next."""

    program: Shape
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.program.url

    @property
    def socket_url(self) -> str:
        return self.program.socket_url

    async def person(self, name: str) -> Api:
        if name not in self.people:
            self.people[name] = await Person.register(self.program, name)
        return self.people[name].api

    async def stop(self) -> None:
        raise AssertionError(f"others need it: only {LAST}.txt may stop the server")

    async def close(self) -> None:
        for person in self.people.values():
            await person.close()


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def stage(program: Shape) -> AsyncIterator[Running]:
    running = Running(program)
    yield running
    await running.close()


@pytest.mark.parametrize("transcript", HERE, ids=[one.name for one in HERE])
async def test_a_transcript_happens_as_it_is_written(
    stage: Running, transcript: Transcript
) -> None:
    await play(transcript, stage)
