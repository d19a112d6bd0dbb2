"""A running Hubbub in each of its shapes, and three people in it.

A test that asks for any of them is run twice: in the one program, and in separate processes. Each
shape is started once, for all modules, which say
`pytestmark = pytest.mark.asyncio(loop_scope="package")`. A module about one shape alone defines the
fixture `program` itself.
"""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from tests.support.shapes import Shape
from tests.system.founding import Founding, found
from tests.system.people import Person, anonymous
from tests.system.starting import SHAPES, started


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where a program of the test's own keeps its data; removed at once, for a database is big."""
    folder = tmp_path / "data"
    yield folder
    if folder.is_dir():
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def module_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The same for a program of all tests of a module."""
    folder = tmp_path_factory.mktemp("hubbub")
    yield folder / "data"
    shutil.rmtree(folder)


@pytest_asyncio.fixture(scope="package", loop_scope="package", params=SHAPES)
async def program(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Shape]:
    async with started(request.param, tmp_path_factory) as running:
        yield running


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def founding(program: Shape) -> AsyncIterator[Founding]:
    """How its owner was made."""
    made = await found(program)
    yield made
    await made.owner.close()


@pytest_asyncio.fixture(loop_scope="package")
async def unharmed(program: Shape, stranger: httpx.AsyncClient) -> AsyncIterator[None]:
    """Hubbub, which must be well after the test."""
    yield
    assert (await stranger.get("/readyz")).status_code == httpx.codes.OK
    assert program.is_running


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def stranger(program: Shape) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who is not logged in."""
    async with anonymous(program.url) as http:
        yield http


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def alice(program: Shape) -> AsyncIterator[Person]:
    """Who owns the rooms of these tests."""
    person = await Person.register(program, "Alice")
    yield person
    await person.close()


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def bob(program: Shape) -> AsyncIterator[Person]:
    """Who is a member of Alice's rooms."""
    person = await Person.register(program, "Bob")
    yield person
    await person.close()


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def charlie(program: Shape) -> AsyncIterator[Person]:
    """Who is in none of them."""
    person = await Person.register(program, "Charlie")
    yield person
    await person.close()


@pytest_asyncio.fixture(loop_scope="package")
async def room(alice: Person, bob: Person) -> str:
    """A public room of Alice's in which Bob is."""
    room_id = await alice.make_room()
    await bob.join(room_id)
    return room_id


@pytest_asyncio.fixture(loop_scope="package")
async def private_room(alice: Person, bob: Person) -> str:
    """A private room of Alice's into which she took Bob."""
    room_id = await alice.make_room("private")
    taken = await alice.call("PUT", f"/v1/rooms/{room_id}/members/{bob.id}", {"role": "member"})
    taken.raise_for_status()
    await bob.is_in(room_id)
    return room_id
