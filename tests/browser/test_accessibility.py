"""Nothing on any page is in the way of those who hear it, or who see little of it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.browser.audit import audit
from tests.browser.people import DESKTOP, PHONE, People
from tests.browser.relay import Relay
from tests.browser.scene import Scene, small_scene
from tests.browser.schemes import SCHEMES, Scheme, show_by
from tests.browser.tour import Tour
from tests.support.program import Program

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def scene(program: Program) -> AsyncIterator[Scene]:
    """People, rooms, and what was said in them."""
    async with small_scene(program) as made:
        yield made


@pytest.mark.parametrize(
    ("device", "schemes"),
    [(DESKTOP, SCHEMES), pytest.param(PHONE, ("dark",), marks=pytest.mark.proof)],
    ids=["desktop", "phone"],
)
async def test_nothing_on_any_page_is_in_the_way(
    people: People, scene: Scene, device: dict[str, Any], schemes: tuple[Scheme, ...]
) -> None:
    found: list[str] = []

    async def look(view: str, page: Page) -> None:
        for scheme in schemes:
            await show_by(scheme, page)
            grave = await audit(page, is_again=scheme != schemes[0])
            found.extend(f"{view}, {scheme}: {one}" for one in grave)

    await Tour(people, scene, device, relay=Relay(timedelta()), look=look).walk()

    assert not found, "\n".join(["", *found])
