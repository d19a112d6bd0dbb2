"""Who came with an old password comes too late when it is changed in the same moment."""

import asyncio

import httpx

from libs.common.postgres import Connection
from tests.integration.auth.living import PASSWORD, Instance, SignedInPerson, Town
from tests.integration.auth.mailing import Mailing
from tests.integration.auth.proving import App, challenge_of, finish
from tests.integration.auth.racing import waits_or_ends

NEW = "a quite different password"
CHANGE = "/v1/auth/password/change"

HOLD_COUNTS = "SELECT FROM login_attempt FOR UPDATE"
HOLD_ACCOUNT = "SELECT FROM account WHERE id = $1 FOR NO KEY UPDATE"
SET_PASSWORD = "UPDATE credential SET secret_hash = 'new', changed_at = changed_at + interval '1 s'"
END_SESSIONS = "UPDATE session SET end_reason = 'password_changed', tokens_until = now()"


async def changed_elsewhere(auth: Instance, town: Town, alice: SignedInPerson) -> None:
    """Have Alice change her password, far from where others guess it."""
    await town.clock.advance(1)
    there = await auth.client(
        address="198.51.100.9", authorization=alice.client.headers["authorization"]
    )
    answer = await there.post(CHANGE, json={"old": PASSWORD, "new": NEW})
    assert answer.status_code == httpx.codes.NO_CONTENT, answer.text


async def set_by_another(connection: Connection, alice: SignedInPerson) -> None:
    """Do what a change of Alice's password does that holds her account already."""
    await connection.execute(SET_PASSWORD)
    await connection.execute(END_SESSIONS)


async def test_a_log_in_with_the_password_of_before_a_change_opens_nothing_after_it(
    auth: Instance, town: Town, alice: SignedInPerson
) -> None:
    await auth.log_in(alice.email, "a guess")
    async with auth.database.transaction() as counting:
        await counting.execute(HOLD_COUNTS)
        ours = asyncio.create_task(auth.log_in(alice.email))
        await waits_or_ends(ours, auth.database)
        await changed_elsewhere(auth, town, alice)
    answer = await ours

    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")
    assert len((await alice.get("/v1/auth/sessions")).json()["items"]) == 1


async def test_who_comes_with_the_password_of_before_a_change_is_asked_for_nothing_more(
    auth: Instance, town: Town, alice: SignedInPerson
) -> None:
    await App.of(alice, town)
    await auth.log_in(alice.email, "a guess")
    async with auth.database.transaction() as counting:
        await counting.execute(HOLD_COUNTS)
        ours = asyncio.create_task(auth.log_in(alice.email))
        await waits_or_ends(ours, auth.database)
        await changed_elsewhere(auth, town, alice)
    answer = await ours

    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")
    assert await auth.database.fetchval("SELECT count(*) FROM login_challenge") == 0


async def test_a_change_that_took_its_time_before_a_log_in_and_came_after_it_voids_that(
    auth: Instance, town: Town, alice: SignedInPerson
) -> None:
    app = await App.of(alice, town)
    await town.clock.advance(5)
    async with auth.database.transaction() as changing:
        await changing.execute("LOCK TABLE login_challenge IN SHARE MODE")
        ours = asyncio.create_task(auth.log_in(alice.email))
        await waits_or_ends(ours, auth.database)
        await changing.execute(SET_PASSWORD)
    challenge = (await ours).json()["challenge"]

    answer = await finish(auth, challenge, code=await app.next_code())

    assert (answer.status_code, answer.json()["code"]) == (401, "challenge_expired")


async def test_a_second_factor_finishes_nothing_when_the_password_changes_meanwhile(
    auth: Instance, town: Town, alice: SignedInPerson
) -> None:
    app = await App.of(alice, town)
    challenge = await challenge_of(auth, alice)
    code = await app.next_code()
    async with auth.database.transaction() as changing:
        await changing.execute(HOLD_ACCOUNT, alice.id)
        ours = asyncio.create_task(finish(auth, challenge, code=code))
        await waits_or_ends(ours, auth.database)
        await set_by_another(changing, alice)
    answer = await ours

    assert (answer.status_code, answer.json()["code"]) == (401, "challenge_expired")


async def test_of_two_changes_of_a_password_the_later_one_needs_the_new_password(
    auth: Instance, alice: SignedInPerson
) -> None:
    async with auth.database.transaction() as changing:
        await changing.execute(HOLD_ACCOUNT, alice.id)
        ours = asyncio.create_task(alice.post(CHANGE, json={"old": PASSWORD, "new": NEW}))
        await waits_or_ends(ours, auth.database)
        await changing.execute(SET_PASSWORD)
    answer = await ours

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["old"])
    assert await auth.database.fetchval("SELECT secret_hash FROM credential") == "new"


async def test_a_link_to_another_address_is_not_sent_for_who_was_logged_out_meanwhile(
    mail: Mailing,
) -> None:
    alice = await mail.enter("Alice")
    database = mail.auth.database
    async with database.transaction() as changing:
        await changing.execute(HOLD_ACCOUNT, alice.id)
        body = {"email": "mallory@example.org"}
        ours = asyncio.create_task(alice.post("/v1/auth/email/change", json=body))
        await waits_or_ends(ours, database)
        await set_by_another(changing, alice)
    answer = await ours

    assert (answer.status_code, answer.json()["code"]) == (401, "session_revoked")
    assert await database.fetchval("SELECT count(*) FROM email_link") == 0


async def test_a_second_factor_that_is_added_meanwhile_is_asked_for(
    auth: Instance, alice: SignedInPerson
) -> None:
    async with auth.database.transaction() as adding:
        await adding.execute(HOLD_ACCOUNT, alice.id)
        ours = asyncio.create_task(auth.log_in(alice.email))
        await waits_or_ends(ours, auth.database)
        await adding.execute("INSERT INTO totp VALUES ($1, true, 'sealed', 0, now())", alice.id)
    answer = await ours

    assert (answer.status_code, answer.json()["code"]) == (401, "second_factor_required")
    assert len((await alice.get("/v1/auth/sessions")).json()["items"]) == 1
