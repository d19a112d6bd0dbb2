"""Another e-mail address: the new one is proved, the old one is told."""

import asyncio

from tests.integration.auth.living import ORIGIN, PASSWORD, Instance, Town
from tests.integration.auth.mailing import CONFIRM, EMAIL_CHANGED, EXISTS, Mailing
from tests.support.mail_server import text_of

OLD, NEW = "alice@example.org", "alice@example.net"
CHANGE = "/v1/auth/email/change"


async def test_a_link_to_the_new_address_changes_it(mail: Mailing) -> None:
    alice = await mail.enter("Alice")

    asked = await alice.post(CHANGE, json={"email": NEW})
    before = (await alice.get("/v1/me")).json()
    confirmed = await mail.post("email/confirm", token=await mail.server.token(NEW, CONFIRM))
    after = (await alice.get("/v1/me")).json()

    assert (asked.status_code, confirmed.status_code) == (202, 204)
    assert (before["email"], after["email"], after["email_verified"]) == (OLD, NEW, True)
    assert (await mail.auth.log_in(OLD)).status_code == 401
    assert (await mail.auth.log_in(NEW)).status_code == 200


async def test_the_old_address_is_told_and_not_where_to(mail: Mailing) -> None:
    alice = await mail.enter("Alice")

    await alice.post(CHANGE, json={"email": NEW})
    await mail.post("email/confirm", token=await mail.server.token(NEW, CONFIRM))
    letter = await mail.server.letter(OLD, EMAIL_CHANGED)

    assert NEW not in letter.as_string()


async def test_it_wants_a_fresh_proof(town: Town, mail: Mailing) -> None:
    alice = await mail.enter("Alice")
    await town.clock.advance(601)

    stale = await alice.post(CHANGE, json={"email": NEW})
    await alice.post("/v1/auth/step-up", json={"password": PASSWORD})
    fresh = await alice.post(CHANGE, json={"email": NEW})

    assert (stale.status_code, stale.json()["code"]) == (403, "step_up_required")
    assert fresh.status_code == 202


async def test_a_taken_address_looks_like_a_free_one(mail: Mailing) -> None:
    alice = await mail.enter("Alice")
    await mail.register("Bob")

    taken = await alice.post(CHANGE, json={"email": "bob@example.org"})
    free = await alice.post(CHANGE, json={"email": NEW})

    assert (taken.status_code, taken.content) == (free.status_code, free.content)
    assert await mail.server.letter("bob@example.org", EXISTS)


async def test_of_two_who_want_the_same_address_one_gets_it(mail: Mailing) -> None:
    alice, bob = await mail.enter("Alice"), await mail.enter("Bob")
    await alice.post(CHANGE, json={"email": NEW})
    first = await mail.server.token(NEW, CONFIRM)
    count = len(mail.server.letters)
    await bob.post(CHANGE, json={"email": NEW})
    await mail.server.taken(count + 1)
    second = await mail.server.token(NEW, CONFIRM)

    answers = await asyncio.gather(
        mail.post("email/confirm", token=first), mail.post("email/confirm", token=second)
    )

    assert sorted(answer.status_code for answer in answers) == [204, 409]


async def test_the_last_wish_counts(mail: Mailing) -> None:
    alice = await mail.enter("Alice")
    await alice.post(CHANGE, json={"email": "first@example.net"})
    first = await mail.server.token("first@example.net", CONFIRM)
    await alice.post(CHANGE, json={"email": NEW})
    last = await mail.server.token(NEW, CONFIRM)

    assert (await mail.post("email/confirm", token=first)).json()["code"] == "invalid_link"
    assert (await mail.post("email/confirm", token=last)).status_code == 204


async def test_an_address_may_change_its_capitals(mail: Mailing) -> None:
    alice = await mail.enter("Alice")

    same = await alice.post(CHANGE, json={"email": OLD})
    await alice.post(CHANGE, json={"email": "Alice@Example.org"})
    token = await mail.server.token("Alice@Example.org", CONFIRM)
    confirmed = await mail.post("email/confirm", token=token)

    assert (same.status_code, list(same.json()["fields"])) == (422, ["email"])
    assert confirmed.status_code == 204


async def test_a_stranger_changes_nothing(auth: Instance) -> None:
    stranger = await auth.client()

    assert (await stranger.post(CHANGE, json={"email": NEW})).status_code == 401


async def test_the_link_leads_to_where_the_operator_said(mail: Mailing) -> None:
    alice = await mail.enter("Alice")

    await alice.post(CHANGE, json={"email": NEW}, headers={"host": "evil.test"})
    letter = await mail.server.letter(NEW, CONFIRM)

    assert f"{ORIGIN}/confirm-email#token=" in text_of(letter)


async def test_it_is_of_a_domain_that_is_taken_here(town: Town) -> None:
    async with town.instance(registration_domains=("example.org",)) as auth:
        alice = await auth.register("Alice")
        foreign = await alice.post(CHANGE, json={"email": NEW})
        ours = await alice.post(CHANGE, json={"email": "a@example.org"})

    assert (foreign.status_code, foreign.json()["code"]) == (403, "domain_not_allowed")
    assert ours.status_code == 202
