"""Without a mail server letters are shown: to whoever runs the server, and to owners."""

from tests.integration.auth.living import WORKERS, Instance, SignedInPerson, Town
from tests.integration.auth.test_first_owner import token_of
from tests.support.waiting import eventually

PAGE = "/v1/admin/mail"
MAIL = WORKERS | {"mail"}


async def forget_password(town: Town, auth: Instance, email: str) -> None:
    """Ask for a new password, and let time pass until the letter is said."""
    count = len(auth.said)
    stranger = await auth.client()
    answer = await stranger.post("/v1/auth/password/forgot", json={"email": email})
    assert answer.status_code == 202

    async def said() -> int:
        await town.clock.advance(1.0)
        return len(auth.said)

    await eventually(said, lambda seen: seen == count + 1)


async def owner(auth: Instance) -> SignedInPerson:
    return await auth.register("Alice", owner_token=token_of(auth))


async def test_a_letter_with_a_link_is_said_once(town: Town) -> None:
    async with town.instance(workers=MAIL) as auth:
        bob = await auth.register("Bob")
        await forget_password(town, auth, bob.email)
        token = auth.said[0].partition("#token=")[2]
        stranger = await auth.client()
        reset = await stranger.post(
            "/v1/auth/password/reset", json={"token": token, "password": "a new one of Bob"}
        )

    assert reset.status_code == 204
    assert auth.said[0].startswith('No mail server is set. For bob@example.org, "Choose a new')
    async with town.instance(workers=MAIL, instance="auth-2") as other:
        await forget_password(town, other, bob.email)


async def test_owners_read_the_letters_the_newest_first(town: Town) -> None:
    async with town.instance(workers=MAIL) as auth:
        alice, bob = await owner(auth), await auth.register("Bob")
        for person in (alice, bob):
            await forget_password(town, auth, person.email)

        first = (await alice.get(PAGE, limit=1)).json()
        second = (await alice.get(PAGE, limit=1, cursor=first["next_cursor"])).json()

    (letter,) = first["items"]
    assert (letter["to"], letter["kind"]) == (bob.email, "reset_password")
    assert letter["subject"] == "Choose a new password"
    assert "http://127.0.0.1:8000/reset#token=" in letter["text"]
    assert letter["posted_at"].startswith("2023-11-14T22:13:")
    assert [one["to"] for one in second["items"]] == [alice.email]
    assert second["next_cursor"] is None


async def test_nobody_else_does(town: Town) -> None:
    async with town.instance(workers=MAIL) as auth:
        bob = await auth.register("Bob")
        member = await bob.get(PAGE)
        stranger = await (await auth.client()).get(PAGE)

    assert (member.status_code, stranger.status_code) == (403, 401)


async def test_a_made_up_cursor_is_refused(town: Town) -> None:
    async with town.instance(workers=MAIL) as auth:
        alice = await owner(auth)
        answers = [await alice.get(PAGE, cursor=one) for one in ("x", "-1", "9" * 30, "１")]

    assert {answer.status_code for answer in answers} == {422}


async def test_notices_are_not_said(town: Town) -> None:
    async with town.instance(workers=MAIL) as auth:
        alice = await owner(auth)
        change = {"old": "correct horse battery staple", "new": "a new one of Alice"}
        await alice.post("/v1/auth/password/change", json=change)
        await forget_password(town, auth, alice.email)
        kinds = [one["kind"] for one in (await alice.get(PAGE)).json()["items"]]

    assert kinds == ["reset_password", "password_changed"]


async def test_letters_are_kept_for_a_week(town: Town) -> None:
    async with town.instance(workers=MAIL) as auth:
        bob = await auth.register("Bob")
        await forget_password(town, auth, bob.email)
        early = await auth.database.fetchval("SELECT count(*) FROM mail")
    await town.clock.advance(7 * 86_400 + 1)

    async with town.instance(workers=("mail",), instance="auth-2") as later:
        await later.register("Charlie")
        await forget_password(town, later, "charlie@example.org")
        recipients = "SELECT string_agg(recipient, ' ') FROM mail"
        left = await eventually(
            lambda: later.database.fetchval(recipients), lambda seen: " " not in seen
        )
        links = await later.database.fetchval("SELECT count(*) FROM email_link")

    assert early == 1
    assert left == "charlie@example.org"
    assert links == 1
