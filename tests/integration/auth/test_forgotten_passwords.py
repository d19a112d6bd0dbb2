"""A forgotten password: a link stands for the old one, for half an hour, once, and for no more."""

import asyncio
from uuid import UUID

import pytest

from libs.common.contracts.ids import PersonId
from services.auth.model.sessions import Ending, EndReason
from services.auth.store.accounts import AccountStore
from services.auth.store.facts import Facts
from tests.integration.auth.living import ORIGIN, PASSWORD, Town, registration
from tests.integration.auth.mailing import (
    CONFIRM,
    PASSWORD_CHANGED,
    RESET,
    VERIFY,
    Mailing,
    mailing,
)
from tests.integration.auth.proving import App
from tests.support.mail_server import MailServer, text_of

ALICE = "alice@example.org"
NEW = "a quite different password"


async def test_a_link_sets_a_new_password_and_ends_all_sessions(mail: Mailing) -> None:
    alice = await mail.enter("Alice")
    token = await mail.forget_password(ALICE)

    answer = await mail.post("password/reset", token=token, password=NEW)

    assert (answer.status_code, answer.content) == (204, b"")
    assert "set-cookie" not in answer.headers
    assert (await alice.get("/v1/me")).json()["code"] == "session_revoked"
    assert (await mail.auth.refresh(alice.refresh_token)).json()["code"] == "session_revoked"
    assert (await mail.auth.log_in(ALICE, PASSWORD)).status_code == 401
    assert (await mail.auth.log_in(ALICE, NEW)).status_code == 200


async def test_its_owner_is_told(mail: Mailing) -> None:
    await mail.register("Alice")
    token = await mail.forget_password(ALICE)

    await mail.post("password/reset", token=token, password=NEW)
    letter = await mail.server.letter(ALICE, PASSWORD_CHANGED)

    assert "192.0.2.7" in text_of(letter)
    assert "14 November 2023, 22:13 UTC" in text_of(letter)


async def test_everybody_hears_the_same(mail: Mailing) -> None:
    await mail.register("Alice")

    known = await mail.post("password/forgot", email=ALICE)
    unknown = await mail.post("password/forgot", email="nobody@example.org")
    await mail.server.letter(ALICE, RESET)

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert "nobody@example.org" not in mail.server.recipients
    assert await mail.auth.database.fetchval("SELECT count(*) FROM letter_wish") == 0


async def test_asking_is_one_statement_for_a_known_and_an_unknown_address(
    town: Town, server: MailServer
) -> None:
    async with mailing(town, server) as mail:
        await mail.register("Alice")
    written = "SELECT email_key, kind FROM letter_wish ORDER BY email_key"

    async with mailing(town, server, workers=()) as mail:
        await mail.post("password/forgot", email=ALICE)
        await mail.post("password/forgot", email="nobody@example.org")
        wishes = await mail.auth.database.fetch(written)
        links = await mail.auth.database.fetchval("SELECT count(*) FROM email_link")

    assert [row["email_key"] for row in wishes] == [ALICE, "nobody@example.org"]
    assert links == 0


async def test_of_many_who_use_a_link_at_once_one_gets_in(mail: Mailing) -> None:
    await mail.register("Alice")
    token = await mail.forget_password(ALICE)

    answers = await asyncio.gather(
        *[mail.post("password/reset", token=token, password=f"{NEW} {n}") for n in range(8)]
    )
    won = [answer.status_code for answer in answers].index(204)
    winner = await mail.auth.log_in(ALICE, f"{NEW} {won}")
    loser = await mail.auth.log_in(ALICE, f"{NEW} {(won + 1) % 8}")

    assert sorted(answer.status_code for answer in answers) == [204] + [403] * 7
    assert (winner.status_code, loser.status_code) == (200, 401)


async def test_a_link_expires_after_half_an_hour(town: Town, server: MailServer) -> None:
    async with mailing(town, server) as mail:
        await mail.register("Alice")
        token = await mail.forget_password(ALICE)
    await town.clock.advance(1_800)

    async with mailing(town, server, workers=()) as mail:
        late = await mail.post("password/reset", token=token, password=NEW)

    assert late.json()["code"] == "invalid_link"


async def test_using_one_link_voids_the_others(mail: Mailing) -> None:
    await mail.register("Alice")
    first = await mail.forget_password(ALICE)
    second = await mail.forget_password(ALICE)

    await mail.post("password/reset", token=first, password=NEW)
    again = await mail.post("password/reset", token=second, password="yet another password")

    assert again.json()["code"] == "invalid_link"


async def test_a_link_is_void_once_the_address_has_changed(mail: Mailing) -> None:
    alice = await mail.enter("Alice")
    token = await mail.forget_password(ALICE)
    await alice.post("/v1/auth/email/change", json={"email": "a@example.net"})
    await mail.post("email/confirm", token=await mail.server.token("a@example.net", CONFIRM))

    late = await mail.post("password/reset", token=token, password=NEW)

    assert late.json()["code"] == "invalid_link"


async def test_a_reset_voids_a_change_of_address_that_an_intruder_has_begun(mail: Mailing) -> None:
    alice = await mail.enter("Alice")
    await alice.post("/v1/auth/email/change", json={"email": "mallory@example.net"})
    theirs = await mail.server.token("mallory@example.net", CONFIRM)
    token = await mail.forget_password(ALICE)

    await mail.post("password/reset", token=token, password=NEW)
    late = await mail.post("email/confirm", token=theirs)

    assert late.json()["code"] == "invalid_link"


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.test"},
        {"x-forwarded-host": "evil.test", "x-forwarded-proto": "https"},
        {"forwarded": "host=evil.test", "referer": "https://evil.test/"},
    ],
)
async def test_a_link_leads_to_where_the_operator_said(
    mail: Mailing, headers: dict[str, str]
) -> None:
    await mail.register("Alice")
    stranger = await mail.auth.client()

    await stranger.post("/v1/auth/password/forgot", json={"email": ALICE}, headers=headers)
    letter = await mail.server.letter(ALICE, RESET)

    assert f"{ORIGIN}/reset#token=" in text_of(letter)
    assert "evil.test" not in letter.as_string()


async def test_a_reset_does_not_skip_the_second_factor(town: Town, mail: Mailing) -> None:
    alice = await mail.enter("Alice")
    await App.of(alice, town)
    token = await mail.forget_password(ALICE)

    await mail.post("password/reset", token=token, password=NEW)
    answer = await mail.auth.log_in(ALICE, NEW)

    assert (answer.status_code, answer.json()["code"]) == (401, "second_factor_required")


async def test_a_password_that_is_refused_does_not_cost_the_link(mail: Mailing) -> None:
    await mail.register("Alice")
    token = await mail.forget_password(ALICE)

    weak = await mail.post("password/reset", token=token, password="password")
    good = await mail.post("password/reset", token=token, password=NEW)

    assert (weak.status_code, list(weak.json()["fields"])) == (422, ["password"])
    assert good.status_code == 204


async def test_a_token_that_was_made_up_costs_no_hash(mail: Mailing) -> None:
    answer = await mail.post("password/reset", token="a" * 43, password=NEW)

    assert (answer.status_code, answer.json()["code"]) == (403, "invalid_link")
    assert mail.auth.hash.asked == []


async def test_a_disabled_account_gets_no_link_and_none_gets_into_it(mail: Mailing) -> None:
    alice = await mail.enter("Alice")
    token = await mail.forget_password(ALICE)
    store = AccountStore(mail.auth.database, Facts(mail.auth.database, wake=lambda: None))
    ending = Ending(EndReason.ACCOUNT_DISABLED, at=0.0, until=0.0)
    await store.disable(PersonId(UUID(alice.id)), ending=ending, now=0.0)

    used = await mail.post("password/reset", token=token, password=NEW)
    asked = await mail.post("password/forgot", email=ALICE)
    await mail.register("Bob")

    assert used.json()["code"] == "invalid_link"
    assert asked.status_code == 202
    assert mail.server.recipients.count(ALICE) == 2


async def test_whoever_registered_with_somebody_elses_address_loses_it(mail: Mailing) -> None:
    """Mallory made the account; Alice reads the mail, and gets it with a password of her own."""
    await mail.post("register", **registration("Mallory", email=ALICE))
    await mail.server.token(ALICE, VERIFY)
    token = await mail.forget_password(ALICE)

    await mail.post("password/reset", token=token, password=NEW)

    assert (await mail.auth.log_in(ALICE, PASSWORD)).status_code == 401
    assert (await mail.auth.log_in(ALICE, NEW)).json()["user"]["email_verified"] is True
