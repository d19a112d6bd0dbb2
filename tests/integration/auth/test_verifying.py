"""Registration with a mail server: an account is used by whoever reads its mail, and nobody learns
who has one.
"""

import asyncio

from services.auth.core.links import hashed
from tests.integration.auth.living import PASSWORD, Instance, Town, registration
from tests.integration.auth.mailing import EXISTS, RESET, VERIFY, Mailing, mailing
from tests.support.mail_server import MailServer, text_of

ALICE = "alice@example.org"


async def test_a_link_in_a_letter_opens_a_new_account(mail: Mailing) -> None:
    asked = await mail.post("register", **registration("Alice"))
    token = await mail.server.token(ALICE, VERIFY)
    early = await mail.auth.log_in(ALICE)

    verified = await mail.post("email/verify", token=token)
    late = await mail.auth.log_in(ALICE)

    assert (asked.status_code, asked.json()) == (202, {"status": "verification_sent"})
    assert (early.status_code, early.json()["code"]) == (403, "email_unverified")
    assert verified.status_code == 204
    assert late.status_code == 200
    assert late.json()["user"]["email_verified"] is True


async def test_an_unverified_address_is_named_only_to_who_knows_the_password(mail: Mailing) -> None:
    await mail.post("register", **registration("Alice"))

    wrong = await mail.auth.log_in(ALICE, "wrong password")

    assert (wrong.status_code, wrong.json()["code"]) == (401, "invalid_credentials")


async def test_a_taken_address_hears_the_same_and_its_owner_is_told(mail: Mailing) -> None:
    await mail.register("Alice")

    free = await mail.post("register", **registration("Bob"))
    taken = await mail.post("register", **registration("Mallory", email="ALICE@example.org"))
    letter = await mail.server.letter(ALICE, EXISTS)

    assert (taken.status_code, taken.content) == (free.status_code, free.content)
    assert "nothing was changed" in text_of(letter)
    assert "Mallory" not in letter.as_string()
    assert (await mail.auth.log_in(ALICE)).json()["user"]["name"] == "Alice"


async def test_a_taken_address_costs_a_hash_like_a_free_one(mail: Mailing) -> None:
    await mail.register("Alice")
    mail.auth.hash.asked.clear()

    await mail.post("register", **registration("Bob"))
    await mail.post("register", **registration("Alice"))

    assert mail.auth.hash.asked == ["hash", "hash"]


async def test_a_link_is_good_once(mail: Mailing) -> None:
    await mail.post("register", **registration("Alice"))
    token = await mail.server.token(ALICE, VERIFY)

    answers = await asyncio.gather(*[mail.post("email/verify", token=token) for _ in range(8)])

    codes = sorted(answer.status_code for answer in answers)
    assert codes == [204] + [403] * 7
    assert {one.json()["code"] for one in answers if one.status_code == 403} == {"invalid_link"}


async def test_a_link_expires_after_a_day(town: Town, server: MailServer) -> None:
    async with mailing(town, server) as mail:
        await mail.post("register", **registration("Alice"))
        token = await server.token(ALICE, VERIFY)
    await town.clock.advance(86_400)

    async with mailing(town, server, workers=()) as mail:
        late = await mail.post("email/verify", token=token)

    assert late.json()["code"] == "invalid_link"


async def test_a_link_serves_no_other_purpose(mail: Mailing) -> None:
    await mail.post("register", **registration("Alice"))
    token = await mail.server.token(ALICE, VERIFY)

    reset = await mail.post("password/reset", token=token, password="a password of Mallory")
    confirmed = await mail.post("email/confirm", token=token)

    assert reset.json()["code"] == confirmed.json()["code"] == "invalid_link"
    assert (await mail.post("email/verify", token=token)).status_code == 204


async def test_the_database_never_holds_a_token_that_was_sent(mail: Mailing) -> None:
    await mail.post("register", **registration("Alice"))
    token = await mail.server.token(ALICE, VERIFY)

    rows = await mail.auth.database.fetch("SELECT token_hash FROM email_link")

    assert [row["token_hash"] for row in rows] == [hashed(token)]
    assert len(token) >= 43  # 256 bits in base 64
    assert not await letters_left(mail.auth)


async def test_a_link_is_sent_again_to_who_waits_for_it(mail: Mailing) -> None:
    await mail.post("register", **registration("Alice"))
    first = await mail.server.token(ALICE, VERIFY)

    asked = await mail.post("email/resend", email=ALICE)
    await mail.server.taken(2)
    second = await mail.server.token(ALICE, VERIFY)

    assert asked.status_code == 202
    assert first != second
    assert (await mail.post("email/verify", token=first)).status_code == 204
    assert (await mail.post("email/verify", token=second)).json()["code"] == "invalid_link"


async def test_asking_again_says_the_same_to_everybody(mail: Mailing) -> None:
    await mail.register("Alice")
    await mail.post("register", **registration("Bob"))

    answers = [
        await mail.post("email/resend", email=f"{who}@example.org")
        for who in ("alice", "bob", "nobody")
    ]

    assert {(answer.status_code, answer.content) for answer in answers} == {
        (202, b'{"status":"accepted"}')
    }
    await mail.server.taken(3)
    assert mail.server.recipients.count(ALICE) == 1


async def test_an_address_is_not_flooded(mail: Mailing) -> None:
    await mail.register("Alice")

    answers = [await mail.post("password/forgot", email=ALICE) for _ in range(10)]
    await mail.post("password/forgot", email=await mail.register("Bob"))
    await mail.server.letter("bob@example.org", RESET)

    assert {answer.status_code for answer in answers} == {202}
    assert 1 <= mail.server.recipients.count(ALICE) - 1 <= 4


async def test_a_network_asks_for_so_many_letters_and_no_more(mail: Mailing) -> None:
    answers = [await mail.post("email/resend", email=f"{n}@example.org") for n in range(31)]

    assert [answer.status_code for answer in answers] == [202] * 30 + [429]


async def test_whoever_holds_the_owners_link_is_let_in_at_once(mail: Mailing) -> None:
    (link,) = mail.auth.links
    owner_token = link.partition("#token=")[2]

    answer = await mail.post("register", **registration("Alice", owner_token=owner_token))
    again = await mail.auth.log_in(ALICE)

    assert answer.status_code == 201
    assert again.status_code == 200
    assert await mail.server.token(ALICE, VERIFY)


async def test_accounts_from_before_the_mail_server_are_let_in(
    town: Town, auth: Instance, server: MailServer
) -> None:
    await auth.register("Alice")

    async with mailing(town, server) as mail:
        answer = await mail.auth.log_in(ALICE, PASSWORD)

    assert answer.status_code == 200
    assert answer.json()["user"]["email_verified"] is False


async def test_nobody_waits_for_a_letter_once_there_is_no_mail_server(
    town: Town, server: MailServer
) -> None:
    async with mailing(town, server) as mail:
        await mail.post("register", **registration("Alice"))

    async with town.instance(instance="auth-2") as auth:
        assert (await auth.log_in(ALICE)).status_code == 200


async def letters_left(auth: Instance) -> int:
    return int(await auth.database.fetchval("SELECT count(*) FROM mail"))
