"""Found tokens: whoever has one can have it voided, and learns nothing by that."""

from libs.common.tokens.api_tokens import composed
from tests.integration.auth.living import Instance, SignedInPerson, Town
from tests.integration.auth.mailing import Mailing
from tests.integration.auth.programs import new_bot, new_token, program, whose
from tests.support.mail_server import text_of

UNKNOWN = composed("a" * 43)


async def test_who_finds_a_token_has_it_voided(auth: Instance, alice: SignedInPerson) -> None:
    made = await new_token(alice)
    script = await program(auth, made["token"])
    stranger = await auth.client()

    answer = await stranger.post("/v1/tokens/found", json={"token": made["token"]})

    assert answer.status_code == 204
    assert (await script.get("/v1/me")).status_code == 401
    assert await whose(auth, made["token"]) == [None]


async def test_a_found_token_of_a_bot_is_its_owners_loss(mail: Mailing) -> None:
    alice = await mail.enter("Alice")
    bot = await new_bot(alice)
    made = await new_token(alice, bot=bot)

    await alice.client.post("/v1/tokens/found", json={"token": made["token"]})

    letter = text_of(await mail.server.letter(alice.email, "Somebody found an API token of yours"))
    assert made["prefix"] in letter
    assert made["token"] not in letter


async def test_every_token_gets_the_same_answer(auth: Instance, alice: SignedInPerson) -> None:
    stranger = await auth.client()
    good = (await new_token(alice))["token"]

    answers = [
        await stranger.post("/v1/tokens/found", json={"token": token})
        for token in (good, good, UNKNOWN, "hbt_typo", "")
    ]

    assert {(answer.status_code, answer.content) for answer in answers} == {(204, b"")}


async def test_the_log_says_that_it_was_found_and_by_nobody(
    auth: Instance, alice: SignedInPerson
) -> None:
    made = await new_token(alice)
    stranger = await auth.client()
    for _ in range(2):
        await stranger.post("/v1/tokens/found", json={"token": made["token"]})

    rows = await auth.database.fetch(
        "SELECT actor_id, subject_id::text FROM audit WHERE kind = 'token.found'"
    )
    assert [(row["actor_id"], row["subject_id"]) for row in rows] == [(None, alice.id)]


async def test_one_network_reports_only_so_many(town: Town) -> None:
    async with town.instance(found_tokens_burst=1, found_tokens_per_minute=1) as auth:
        stranger = await auth.client()
        await stranger.post("/v1/tokens/found", json={"token": UNKNOWN})

        answer = await stranger.post("/v1/tokens/found", json={"token": UNKNOWN})

    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
