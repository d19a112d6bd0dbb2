"""What somebody sets for themselves, and what others see of it."""

import json
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.async_api import expect

from tests.browser.people import People
from tests.browser.person import Person

pytestmark = pytest.mark.asyncio(loop_scope="package")

PICTURE = Path(__file__).parents[2] / "clients" / "web" / "public" / "icon-512.png"


async def choose_picture(person: Person) -> None:
    await person.page.get_by_label("Choose a picture").set_input_files(PICTURE)
    part = person.page.get_by_role("button", name=re.compile("^Part of the picture"))
    await part.press("ArrowLeft")
    await person.page.get_by_label("Zoom").fill("2")
    await person.press("Use this")
    await expect(person.page.get_by_role("dialog")).to_have_count(0)


async def test_a_picture_is_seen_by_others_and_a_new_name_in_the_list(people: People) -> None:
    alice, bob = await people.join("Alice"), await people.join("Bob")
    await alice.make_room("Portraits")
    await alice.say("How do I look?")
    await bob.join_room("Portraits")

    await alice.open("/settings/profile")
    await choose_picture(alice)
    await alice.fill_in(**{"Your name": "Alice Liddell"})
    await alice.press("Save name")
    await expect(alice.page.get_by_text("Saved.")).to_be_visible()
    await alice.page.get_by_role("link", name="Back to rooms").click()
    await bob.page.reload()

    await expect(alice.page.get_by_text("Alice Liddell")).to_be_visible()
    await expect(bob.message("How do I look?").locator("canvas")).to_be_visible()


async def test_another_device_is_logged_out_from_here(people: People) -> None:
    alice = await people.join("Alice")
    phone = await people.stranger("Alice")
    phone.email = alice.email
    await phone.open("/login")
    await phone.log_in()

    people.faults.expect(r"status of 401")
    await alice.open("/settings/devices")
    await alice.page.get_by_role("button", name=re.compile(r"^Log out \S+ on")).click()

    await expect(phone.heading("Log in")).to_be_visible()
    await expect(phone.page.get_by_text("Your session has ended")).to_be_visible()


async def test_a_bot_its_picture_and_its_token_are_made(people: People) -> None:
    alice = await people.join("Alice")
    await alice.open("/settings/tokens")

    await alice.press("New bot")
    await alice.page.get_by_label("Name", exact=True).fill("Weather")
    await alice.press("Make the bot")
    await alice.press("Picture of Weather")
    await choose_picture(alice)
    bot = alice.page.get_by_role("listitem").filter(has_text="Picture of Weather")
    await expect(bot.locator("canvas")).to_be_visible()
    await alice.press("New token for Weather")
    await alice.page.get_by_label("What it is for").fill("The roof")
    await alice.page.get_by_role("checkbox", name=re.compile("^Write messages")).check()
    await alice.press("Make the token")

    token = await alice.page.get_by_label("Token", exact=True).input_value()
    await alice.press("I have copied it")
    item = alice.page.get_by_role("listitem").filter(has_text="The roof")
    await expect(item).to_contain_text("Weather")
    await expect(item).to_contain_text(token[:8])


async def test_a_copy_of_ones_data_is_fetched_and_then_the_account_is_deleted(
    people: People, tmp_path: Path
) -> None:
    alice = await people.join("Alice")
    people.faults.expect(r"status of 401")
    await alice.open("/settings/data")

    await alice.press("Make a copy")
    async with alice.page.expect_download() as download:
        await alice.page.get_by_role("link", name="Download").click()
    await (await download.value).save_as(tmp_path / "copy.zip")
    await alice.press("Delete my account")
    await alice.page.get_by_label(re.compile("^Type your name")).fill("Alice")
    await alice.press("Delete it for good")

    await expect(alice.page.get_by_text("Your account is being erased")).to_be_visible()
    with ZipFile(tmp_path / "copy.zip") as copy:
        texts = {name: copy.read(name).decode() for name in copy.namelist()}
    assert any(alice.email in text for text in texts.values()), json.dumps(sorted(texts))
