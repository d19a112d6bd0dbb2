"""How somebody comes in, and goes."""

import pytest
from playwright.async_api import expect

from hubbub_client.api import Api
from tests.browser.people import People
from tests.browser.person import PASSWORD
from tests.support.program import Program

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_the_link_of_a_new_server_makes_its_owner_once(
    people: People, program: Program
) -> None:
    link = f"/setup#token={program.owner_token}"
    # Nobody else in these tests may look like her: she runs the server.
    olive, bob = await people.stranger("Olive"), await people.stranger("Bob")

    await olive.open(link)
    await olive.register()

    assert "#" not in olive.page.url
    async with Api(program.url) as api:
        tokens = await api.log_in(olive.email, PASSWORD)
    assert tokens.user["system_role"] == "owner"

    people.faults.expect(r"status of 403 .* at \S+/v1/auth/register$")
    await bob.open(link)
    await bob.fill_in(Name=bob.name, E_mail=bob.email, Password=PASSWORD)
    await bob.press("Register")
    await expect(bob.alert("was used or has expired")).to_be_visible()


async def test_somebody_registers_leaves_and_comes_back(people: People) -> None:
    alice = await people.stranger("Alice")
    await alice.open("/")
    await alice.page.get_by_role("link", name="Create an account").click()
    await alice.register()
    await expect(alice.heading("Public rooms")).to_be_visible()

    await alice.press("Log out")
    await expect(alice.heading("Log in")).to_be_visible()

    await alice.log_in()
    await expect(alice.heading("Public rooms")).to_be_visible()


async def test_a_wrong_password_is_refused_in_words(people: People) -> None:
    alice = await people.join("Alice")
    await alice.press("Log out")

    people.faults.expect(r"status of 401 .* at \S+/v1/auth/login$")
    await alice.fill_in(E_mail=alice.email, Password="not my password")
    await alice.press("Log in")

    await expect(alice.alert("E-mail or password is wrong.")).to_be_visible()


async def test_a_password_that_will_not_do_is_said_beside_its_field(people: People) -> None:
    alice = await people.stranger("Alice")
    await alice.open("/register")

    people.faults.expect(r"status of 422 .* at \S+/v1/auth/register$")
    await alice.fill_in(Name="Alice", E_mail=alice.email, Password="short")
    await alice.press("Register")

    password = alice.page.get_by_label("Password")
    await expect(password).to_have_accessible_description("Must have 8 to 128 characters")


async def test_who_is_logged_out_is_so_on_every_page_and_after_a_reload(people: People) -> None:
    alice = await people.join("Alice")
    other = await people.another_page(alice)
    await other.is_connected()

    await alice.press("Log out")

    await expect(alice.heading("Log in")).to_be_visible()
    await expect(other.heading("Log in")).to_be_visible()
    await alice.open("/rooms")
    await expect(alice.heading("Log in")).to_be_visible()


async def test_a_log_in_leads_to_the_page_that_was_asked_for(people: People) -> None:
    alice = await people.join("Alice")
    await alice.make_room("Asked for")
    wanted = alice.page.url
    await alice.press("Log out")

    await alice.page.goto(wanted)
    await alice.log_in()

    await alice.is_in("Asked for")
    assert alice.page.url == wanted


async def test_a_broken_policy_is_noticed(people: People) -> None:
    alice = await people.stranger("Alice")
    await alice.open("/login")

    async with alice.page.expect_console_message(lambda said: "policy broken" in said.text):
        await alice.page.evaluate("new Image().src = 'https://elsewhere.example/'")

    assert any("policy broken: img-src" in fault for fault in people.faults.take())
