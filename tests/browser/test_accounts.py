"""Accounts in front of a page: mail, second factors, passkeys, and those who run the server.

On a program of their own, since it has a name (browsers offer passkeys to none without) and a mail
server.
"""

import re
from base64 import b32decode
from collections.abc import AsyncIterator
from time import time
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from services.auth.core.factors.totp import STEP_S, code_at
from tests.browser.audit import Audit
from tests.browser.office import walk_office
from tests.browser.people import People
from tests.browser.person import PASSWORD, Person
from tests.browser.schemes import SCHEMES
from tests.support.mail_server import MailServer, mail_server, text_of
from tests.support.program import Program
from tests.support.virtual_authenticator import virtual_authenticator

pytestmark = pytest.mark.asyncio(loop_scope="package")

ANOTHER_PASSWORD: Final = "an umbrella for the violin"
LINK: Final = re.compile(r"https?://\S+#token=[\w-]+")


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def mail() -> AsyncIterator[MailServer]:
    async with mail_server() as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def program(
    mail: MailServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Program]:
    """The program, which sends mail and is reached by a name."""
    made = Program(
        tmp_path_factory.mktemp("hubbub") / "data",
        settings={"MAIL_URL": mail.url, "MAIL_SENDER": "Hubbub <chat@example.org>"},
    )
    made.settings["PUBLIC_URL"] = f"http://localhost:{made.port}"
    async with made as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def people(browser: Browser, program: Program) -> AsyncIterator[People]:
    made = People(browser, url=program.settings["PUBLIC_URL"])
    yield made
    await made.leave()


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def alice(people: People, program: Program) -> Person:
    """The owner of the program."""
    owner = await people.stranger("Alice")
    await owner.open(f"/setup#token={program.owner_token}")
    await owner.register()
    return owner


async def follow(mail: MailServer, person: Person, subject: str) -> None:
    """Open the link of a letter, as one does: from the beginning."""
    letter = await mail.letter(person.email, subject)
    found = LINK.search(text_of(letter))
    assert found is not None
    await person.page.goto("about:blank")
    await person.page.goto(found[0])


async def newcomer(people: People, mail: MailServer, name: str) -> Person:
    """Return somebody who has registered, answered the mail, and is in."""
    person = await people.stranger(name)
    await person.open("/register")
    await person.fill_in(Name=person.name, E_mail=person.email, Password=PASSWORD)
    await person.press("Register")
    await expect(person.page.get_by_text("Look into your inbox")).to_be_visible()
    await follow(mail, person, "Verify your e-mail address")
    await expect(person.page.get_by_text("your address is verified")).to_be_visible()
    await person.page.get_by_role("link", name="Log in").click()
    await person.log_in()
    return person


async def member(people: People, mail: MailServer, name: str) -> Person:
    """Return somebody who came in so before, without waiting for the pages."""
    person = await people.stranger(name)
    account = {"name": person.name, "email": person.email, "password": PASSWORD}
    await person.post("/v1/auth/register", account)
    token = await mail.token(person.email, "Verify your e-mail address")
    await person.post("/v1/auth/email/verify", {"token": token})
    login = {"email": person.email, "password": PASSWORD, "cookie": True}
    await person.post("/v1/auth/login", login)
    return person


async def log_out(person: Person) -> None:
    await person.open("/rooms")
    await person.press("Log out")
    await expect(person.heading("Log in")).to_be_visible()


async def begin_log_in(person: Person, *, password: str = PASSWORD) -> None:
    await person.fill_in(E_mail=person.email, Password=password)
    await person.press("Log in")


async def test_the_owner_looks_after_people(
    people: People, mail: MailServer, alice: Person
) -> None:
    bob = await newcomer(people, mail, "Bob")

    await alice.open("/settings/people")
    await alice.page.get_by_label("Name or e-mail").fill("bob")
    await alice.press("Manage Bob")
    await alice.page.get_by_role("radio", name=re.compile("^Admin")).click()
    await expect(alice.page.get_by_text("The role is changed.")).to_be_visible()
    people.faults.expect(r"status of 401")
    await alice.press("Block this account")
    await expect(alice.page.get_by_text("Blocked, and logged out")).to_be_visible()

    # Within two seconds, on every page of theirs.
    await expect(bob.heading("Log in")).to_be_visible()
    await alice.open("/settings/audit")
    entries = alice.page.get_by_role("main").get_by_role("listitem")
    await expect(entries.filter(has_text="Account blocked")).to_contain_text("about Bob")


async def test_registration_is_by_invitation_when_the_owner_says_so(
    people: People, alice: Person
) -> None:
    carol = await people.stranger("Carol")
    await alice.open("/settings/registration")
    await alice.page.get_by_role("radio", name=re.compile("^By invitation")).click()
    await alice.press("New invitation")
    await alice.press("Make the link")
    link = await alice.page.get_by_label("Invitation", exact=True).input_value()

    await carol.open("/register")
    await expect(carol.page.get_by_text("takes in those who are invited")).to_be_visible()
    await carol.page.goto("about:blank")
    await carol.page.goto(link)
    await carol.fill_in(Name=carol.name, E_mail=carol.email, Password=PASSWORD)
    await carol.press("Register")

    await expect(carol.page.get_by_text("Look into your inbox")).to_be_visible()
    await alice.press("I have copied it")
    await alice.page.get_by_role("radio", name=re.compile("^Open")).click()
    await expect(alice.page.get_by_text("Used by 1 of 1")).to_have_count(0)


@pytest.mark.proof
async def test_nothing_on_the_pages_of_the_office_is_in_the_way(
    people: People, mail: MailServer, alice: Person
) -> None:
    neighbour = await newcomer(people, mail, "Neighbour")
    await neighbour.context.close()
    audit = Audit(SCHEMES)

    await walk_office(alice, audit.look)

    assert not audit.found, "\n".join(["", *audit.found])


async def test_a_forgotten_password_is_set_anew_by_mail(people: People, mail: MailServer) -> None:
    dora = await member(people, mail, "Dora")
    await log_out(dora)

    await dora.page.get_by_role("link", name="Forgot your password?").click()
    await dora.fill_in(E_mail=dora.email)
    await dora.press("Send the link")
    await follow(mail, dora, "Choose a new password")
    await dora.page.get_by_label("New password").fill(ANOTHER_PASSWORD)
    await dora.press("Set the password")
    await expect(dora.page.get_by_text("Your password is changed")).to_be_visible()

    await dora.page.get_by_role("link", name="Log in").click()
    await dora.log_in(password=ANOTHER_PASSWORD)
    assert await mail.letter(dora.email, "Your password was changed")


async def test_an_authenticator_app_is_set_up_and_asked_for(
    people: People, mail: MailServer
) -> None:
    erin = await member(people, mail, "Erin")
    await erin.open("/settings/security")
    await erin.press("Set up")
    await expect(erin.page.get_by_role("img", name="QR code")).to_be_visible()
    await erin.page.get_by_text("It cannot be scanned?").click()
    secret = await erin.page.get_by_label("Key", exact=True).input_value()
    seed, step = b32decode(secret.replace(" ", "")), int(time() // STEP_S)
    await erin.page.get_by_label("Then enter the code").fill(code_at(seed, step))
    await erin.press("Turn on")
    codes = erin.page.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    recovery_code = await codes.first.inner_text()
    # A browser obeys the second one whatever a page says, and these are shown once.
    for _ in range(2):
        await erin.page.keyboard.press("Escape")
    await erin.press("I have kept them")
    await log_out(erin)

    people.faults.expect(r"status of 40[13] .* at \S+/v1/auth/login")
    await begin_log_in(erin)
    await erin.page.get_by_label("Code", exact=True).fill(code_at(seed, step))
    await erin.press("Continue")
    await expect(erin.page.get_by_role("alert")).to_be_visible()
    await erin.page.get_by_label("Code", exact=True).fill(code_at(seed, step + 1))
    await erin.press("Continue")
    await erin.is_connected()

    await log_out(erin)
    await begin_log_in(erin)
    await erin.press("Use a recovery code")
    await erin.page.get_by_label("Recovery code").fill(recovery_code)
    await erin.press("Continue")
    await erin.is_connected()


async def test_a_passkey_is_made_and_lets_in_without_a_password(
    people: People, mail: MailServer
) -> None:
    faye = await member(people, mail, "Faye")
    async with virtual_authenticator(faye.page):
        await faye.open("/settings/security")
        await faye.press("Add a passkey")
        await faye.page.get_by_label("What to call it").fill("My phone")
        await faye.press("Continue")
        await faye.press("I have kept them")
        await expect(faye.page.get_by_role("listitem").filter(has_text="My phone")).to_be_visible()
        await log_out(faye)

        await faye.press("Log in with a passkey")

        await faye.is_connected()
