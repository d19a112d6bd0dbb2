"""Light and dark: as the system has it, or as somebody chose."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.people import People

pytestmark = pytest.mark.asyncio(loop_scope="package")

NOTE_COLOURS = """
window.colours = new Set();
const note = () => {
  const body = document.body && getComputedStyle(document.body).backgroundColor;
  if (body && body !== "rgba(0, 0, 0, 0)") window.colours.add(body);
  requestAnimationFrame(note);
};
note();
"""
"""What the page is painted on, from its first frame."""


async def colour(page: Page) -> str:
    return str(await page.evaluate("getComputedStyle(document.body).backgroundColor"))


async def test_the_page_follows_the_system_until_somebody_chooses(people: People) -> None:
    alice = await people.join("Alice")
    body = alice.page.locator("body")
    await alice.page.emulate_media(color_scheme="light")
    light = await colour(alice.page)

    await alice.page.emulate_media(color_scheme="dark")
    await expect(body).not_to_have_css("background-color", light)
    dark = await colour(alice.page)
    await alice.choose("Light")
    await expect(body).to_have_css("background-color", light)
    await alice.choose("System")
    await expect(body).to_have_css("background-color", dark)


async def test_a_chosen_theme_is_there_from_the_first_frame(people: People) -> None:
    alice = await people.join("Alice")
    await alice.page.emulate_media(color_scheme="light")
    light = await colour(alice.page)
    await alice.choose("Dark")
    await expect(alice.page.locator("body")).not_to_have_css("background-color", light)
    dark = await colour(alice.page)
    await alice.page.add_init_script(NOTE_COLOURS)

    await alice.page.reload()

    await alice.is_connected()
    assert await alice.page.evaluate("() => [...window.colours]") == [dark]
