"""A running program for each module of tests, and three people in it.

A module says `pytestmark = pytest.mark.asyncio(loop_scope="module")`: the program lives in the
module's loop. One that wants other settings defines the fixture `settings` itself.
"""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from tests.support.program import Program
from tests.system.people import Person, anonymous


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where a program of the test's own keeps its data; removed at once, for a database is big."""
    folder = tmp_path / "data"
    yield folder
    if folder.is_dir():
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    """The settings that are not the defaults."""
    return {}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(
    tmp_path_factory: pytest.TempPathFactory, settings: dict[str, str]
) -> AsyncIterator[Program]:
    """The program, on an empty folder, as somebody starts it for the first time."""
    folder = tmp_path_factory.mktemp("hubbub")
    async with Program(folder / "data", settings=settings) as running:
        yield running
    shutil.rmtree(folder)


@pytest_asyncio.fixture(loop_scope="module")
async def unharmed(program: Program, stranger: httpx.AsyncClient) -> AsyncIterator[None]:
    """The program, which must be well after the test."""
    yield
    assert (await stranger.get("/readyz")).status_code == httpx.codes.OK
    assert program.is_running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stranger(program: Program) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who is not logged in."""
    async with anonymous(program.url) as http:
        yield http


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def alice(program: Program) -> AsyncIterator[Person]:
    """Who owns the rooms of these tests."""
    person = await Person.register(program, "Alice")
    yield person
    await person.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bob(program: Program) -> AsyncIterator[Person]:
    """Who is a member of Alice's rooms."""
    person = await Person.register(program, "Bob")
    yield person
    await person.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def charlie(program: Program) -> AsyncIterator[Person]:
    """Who is in none of them."""
    person = await Person.register(program, "Charlie")
    yield person
    await person.close()


@pytest_asyncio.fixture(loop_scope="module")
async def room(alice: Person, bob: Person) -> str:
    """A public room of Alice's in which Bob is."""
    room_id = await alice.make_room()
    await bob.join(room_id)
    return room_id


@pytest_asyncio.fixture(loop_scope="module")
async def private_room(alice: Person, bob: Person) -> str:
    """A private room of Alice's into which she took Bob."""
    room_id = await alice.make_room("private")
    taken = await alice.call("PUT", f"/v1/rooms/{room_id}/members/{bob.id}", {"role": "member"})
    taken.raise_for_status()
    await bob.is_in(room_id)
    return room_id
