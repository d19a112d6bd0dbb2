"""Nothing on any page is in the way of those who hear it, or who see little of it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from tests.browser.audit import Audit
from tests.browser.gathering import Gathering, gather
from tests.browser.people import DESKTOP, PHONE, People
from tests.browser.relay import Relay
from tests.browser.rounds import Rounds
from tests.browser.scene import Scene, small_scene
from tests.browser.schemes import SCHEMES, Scheme
from tests.browser.tour import Tour
from tests.support.program import Program

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def scene(program: Program) -> AsyncIterator[Scene]:
    """People, rooms, and what was said in them."""
    async with small_scene(program) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def gathering(program: Program) -> Gathering:
    """Rooms that somebody looks after."""
    return await gather(program)


@pytest.mark.parametrize(
    ("device", "scheme"),
    [
        (DESKTOP, "light"),
        pytest.param(DESKTOP, "dark", marks=pytest.mark.proof),
        pytest.param(PHONE, "dark", marks=pytest.mark.proof),
    ],
    ids=["desktop by day", "desktop by night", "phone by night"],
)
async def test_nothing_on_any_page_is_in_the_way(
    people: People, scene: Scene, device: dict[str, Any], scheme: Scheme
) -> None:
    audit = Audit([scheme])

    await Tour(people, scene, device, relay=Relay(timedelta()), look=audit.look).walk()

    assert not audit.found, "\n".join(["", *audit.found])


@pytest.mark.proof
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_nothing_on_the_pages_of_rooms_that_people_run_is_in_the_way(
    people: People, gathering: Gathering, device: dict[str, Any]
) -> None:
    audit = Audit(SCHEMES)

    await Rounds(people, gathering, device, relay=Relay(timedelta()), look=audit.look).walk()

    assert not audit.found, "\n".join(["", *audit.found])
