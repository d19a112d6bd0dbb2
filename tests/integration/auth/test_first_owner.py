"""The link that makes the first owner: shown at the start, good once, for a while."""

import asyncio

from libs.common.contracts.facts import USER_REGISTERED, UserChanged
from libs.common.contracts.people import SystemRole
from tests.integration.auth.living import ORIGIN, Instance, Town, registration


def token_of(auth: Instance) -> str:
    """Return the token of the link that the start has shown."""
    (link,) = auth.links
    address, _, token = link.partition("#token=")
    assert address == f"{ORIGIN}/setup"
    return token


async def test_who_has_the_link_becomes_the_owner(town: Town, auth: Instance) -> None:
    alice = await auth.register("Alice", owner_token=token_of(auth))

    assert (await alice.get("/v1/me")).json()["system_role"] == "owner"
    (fact,) = await town.heard(USER_REGISTERED)
    assert isinstance(fact, UserChanged)
    assert fact.system_role is SystemRole.OWNER


async def test_the_token_has_256_random_bits(auth: Instance) -> None:
    assert len(token_of(auth)) == 43


async def test_of_many_who_use_the_link_one_becomes_owner(auth: Instance) -> None:
    stranger = await auth.client()
    token = token_of(auth)

    answers = await asyncio.gather(
        *(
            stranger.post("/v1/auth/register", json=registration(f"p{n}", owner_token=token))
            for n in range(20)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [403] * 19
    refusals = {answer.json().get("code") for answer in answers if answer.status_code == 403}
    assert refusals == {"invalid_owner_token"}
    owners = "SELECT count(*) FROM account WHERE system_role = 'owner'"
    assert await auth.database.fetchval(owners) == 1


async def test_a_link_that_was_used_makes_no_account(auth: Instance) -> None:
    token = token_of(auth)
    await auth.register("Alice", owner_token=token)
    stranger = await auth.client()

    body = registration("Bob", owner_token=token)
    answer = await stranger.post("/v1/auth/register", json=body)

    assert answer.status_code == 403
    assert (await auth.log_in("bob@example.org")).status_code == 401


async def test_a_guessed_token_makes_nobody_owner(auth: Instance) -> None:
    stranger = await auth.client()

    body = registration("Bob", owner_token="x" * 43)
    answer = await stranger.post("/v1/auth/register", json=body)

    assert answer.status_code == 403
    await auth.register("Alice", owner_token=token_of(auth))


async def test_a_registration_that_fails_leaves_the_link_good(auth: Instance) -> None:
    await auth.register("Bob")
    token = token_of(auth)
    stranger = await auth.client()

    body = registration("Bob", owner_token=token)
    taken = await stranger.post("/v1/auth/register", json=body)

    assert taken.status_code == 409
    await auth.register("Alice", owner_token=token)


async def test_an_old_link_is_void(town: Town) -> None:
    async with town.instance(workers=()) as auth:
        stranger = await auth.client()
        await town.clock.advance(86_400.0)

        body = registration("Alice", owner_token=token_of(auth))

        assert (await stranger.post("/v1/auth/register", json=body)).status_code == 403


async def test_each_start_makes_a_new_link_and_the_one_before_is_void(town: Town) -> None:
    async with town.instance() as before:
        old = token_of(before)
    async with town.instance() as auth:
        stranger = await auth.client()
        body = registration("Alice", owner_token=old)

        assert (await stranger.post("/v1/auth/register", json=body)).status_code == 403
        await auth.register("Alice", owner_token=token_of(auth))


async def test_once_there_is_an_owner_a_start_shows_no_link(town: Town) -> None:
    async with town.instance() as first:
        await first.register("Alice", owner_token=token_of(first))
    async with town.instance() as second:
        assert second.links == []


async def test_a_link_made_in_the_moment_of_the_first_owner_makes_no_second(
    auth: Instance,
) -> None:
    await auth.register("Alice", owner_token=token_of(auth))
    left_over = """
        INSERT INTO owner_token (token_hash, expires_at)
        VALUES (sha256('left over'), to_timestamp(2000000000))
    """
    await auth.database.execute(left_over)
    stranger = await auth.client()

    body = registration("Bob", owner_token="left over")

    assert (await stranger.post("/v1/auth/register", json=body)).status_code == 403


async def test_the_link_is_good_on_a_closed_server(town: Town) -> None:
    async with town.instance(registration="closed") as auth:
        alice = await auth.register("Alice", owner_token=token_of(auth))

        assert (await alice.get("/v1/me")).json()["system_role"] == "owner"


async def test_on_a_closed_server_a_guessed_token_does_not_show_which_addresses_are_taken(
    town: Town,
) -> None:
    async with town.instance(registration="closed") as auth:
        await auth.register("Alice", owner_token=token_of(auth))
        stranger = await auth.client()

        answers = [
            await stranger.post("/v1/auth/register", json=registration(who, owner_token="guess"))
            for who in ("Alice", "Bob")
        ]

    assert [answer.json()["code"] for answer in answers] == ["invalid_owner_token"] * 2


async def test_the_token_is_stored_hashed(auth: Instance) -> None:
    stored = await auth.database.fetchval("SELECT t::text FROM owner_token t")

    assert token_of(auth) not in stored
