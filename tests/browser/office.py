"""The pages of those who run the server, one after the other."""

from typing import Final

from playwright.async_api import expect

from tests.browser.person import Person
from tests.browser.tour import Look

PAGES: Final = {
    "people": "Name or e-mail",
    "registration": "Who may register",
    "reports": "Messages that somebody reported",
    "audit": "Nobody can change or remove",
    "mail": "Without a mail server",
}
"""The sections that they have more than others, and what is read in each."""


async def walk_office(owner: Person, look: Look) -> None:
    """See all of them. Whoever looks changes nothing; somebody else must have an account."""
    for section, words in PAGES.items():
        await owner.open(f"/settings/{section}")
        named = owner.page.get_by_label(words)
        await expect(owner.page.get_by_text(words).or_(named).first).to_be_visible()
        await expect(owner.page.locator("[aria-busy=true]")).to_have_count(0)
        await look(f"office-{section}", owner.page)
    await owner.open("/settings/people")
    await owner.page.get_by_role("button", name="Manage").first.click()
    await expect(owner.page.get_by_role("dialog")).to_be_visible()
    await look("office-person", owner.page)
    await owner.open("/settings/registration")
    await owner.press("New invitation")
    await look("office-invite", owner.page)
    await owner.press("Close")
