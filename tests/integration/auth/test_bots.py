"""Bots: accounts of their owners', with a name, a picture and tokens, and no way to log in."""

from uuid import UUID, uuid4

from libs.common.contracts.facts import (
    USER_DISABLED,
    USER_REGISTERED,
    USER_UPDATED,
    UserChanged,
)
from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import PersonKind, SystemRole
from services.auth.core.accounts import email_key
from services.auth.model.sessions import Ending, EndReason
from services.auth.store.accounts import AccountStore
from services.auth.store.bots import follow_enabled
from services.auth.store.facts import Facts
from tests.integration.auth.living import Instance, SignedInPerson, Town
from tests.integration.auth.programs import new_bot, new_token, program, whose


async def disable(town: Town, auth: Instance, person_id: str) -> None:
    """Disable an account as an admin would."""
    facts = Facts(auth.database, wake=lambda: None)
    now = town.clock.now()
    ending = Ending(EndReason.ACCOUNT_DISABLED, at=now, until=now + 900.0)
    await AccountStore(auth.database, facts).disable(
        PersonId(UUID(person_id)), ending=ending, now=now
    )


async def enable(town: Town, auth: Instance, person_id: str) -> None:
    facts = Facts(auth.database, wake=lambda: None)
    async with facts.telling() as connection:
        await connection.execute(
            "UPDATE account SET disabled_at = NULL WHERE id = $1", UUID(person_id)
        )
        await follow_enabled(connection, facts, PersonId(UUID(person_id)), now=town.clock.now())


async def test_everybody_hears_of_a_bot_as_a_bot(
    town: Town, auth: Instance, alice: SignedInPerson
) -> None:
    bot_id = await new_bot(alice, "Robot")

    *_, fact = await town.heard(USER_REGISTERED, count=2)
    assert fact == UserChanged(
        person_id=PersonId(UUID(bot_id)),
        kind=PersonKind.BOT,
        name="Robot",
        system_role=SystemRole.MEMBER,
        is_disabled=False,
        version=1,
    )
    (shown,) = (await alice.get("/v1/bots")).json()["items"]
    assert (shown["id"], shown["kind"], shown["name"]) == (bot_id, "bot", "Robot")
    assert (await alice.get(f"/v1/users/{bot_id}")).json()["kind"] == "bot"


async def test_a_bot_acts_by_its_token_and_has_no_address(
    auth: Instance, alice: SignedInPerson
) -> None:
    bot_id = await new_bot(alice)
    robot = await program(auth, (await new_token(alice, bot=bot_id))["token"])

    me = (await robot.get("/v1/me")).json()

    assert (me["id"], me["kind"], me["email"]) == (bot_id, "bot", "")


async def test_a_bot_changes_its_own_name_and_its_owner_does(
    town: Town, auth: Instance, alice: SignedInPerson
) -> None:
    bot_id = await new_bot(alice)
    robot = await program(auth, (await new_token(alice, bot=bot_id))["token"])

    assert (await robot.patch("/v1/me", json={"name": "Marvin"})).json()["name"] == "Marvin"
    renamed = await alice.client.patch(f"/v1/bots/{bot_id}", json={"name": "Eddie"})

    assert renamed.json()["name"] == "Eddie"
    facts = await town.heard(USER_UPDATED, count=2)
    assert [fact.name for fact in facts if isinstance(fact, UserChanged)] == ["Marvin", "Eddie"]


async def test_a_bot_is_good_for_users_only_where_they_are_admitted_with_it(
    auth: Instance, alice: SignedInPerson
) -> None:
    bot_id = await new_bot(alice)
    robot = await program(auth, (await new_token(alice, bot=bot_id))["token"])

    for path in ("/v1/bots", "/v1/tokens", "/v1/auth/sessions", "/v1/admin/users"):
        assert (await robot.get(path)).status_code == 403


async def test_no_token_of_a_bot_is_for_admins(auth: Instance, alice: SignedInPerson) -> None:
    await AccountStore(auth.database, Facts(auth.database, wake=lambda: None)).make_owner(
        email_key(alice.email), now=1_700_000_000.0
    )
    bot_id = await new_bot(alice)

    answer = await alice.post(f"/v1/bots/{bot_id}/tokens", json={"name": "x", "scopes": ["admin"]})

    assert answer.status_code == 422
    await new_token(alice, ["admin"])


async def test_nobody_logs_in_as_a_bot(auth: Instance, alice: SignedInPerson) -> None:
    await new_bot(alice)

    for email in ("", "null", "Robot"):
        assert (await auth.log_in(email, "")).status_code in (401, 422)
    assert await auth.database.fetchval("SELECT count(*) FROM account WHERE email IS NULL") == 1
    assert await auth.database.fetchval("SELECT count(*) FROM credential") == 1


async def test_another_persons_bot_is_not_found(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    bot_id = await new_bot(alice)
    unknown = str(uuid4())

    for theirs in (bot_id, unknown, alice.id):
        path = f"/v1/bots/{theirs}"
        answers = [
            await bob.client.patch(path, json={"name": "Mine"}),
            await bob.client.delete(path),
            await bob.post(f"{path}/tokens", json={"name": "x", "scopes": ["profile"]}),
        ]
        assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert (await bob.get("/v1/bots")).json()["items"] == []


async def test_the_owner_sees_and_revokes_the_tokens_of_their_bot(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    bot_id = await new_bot(alice)
    made = await new_token(alice, bot=bot_id)

    (listed,) = (await alice.get("/v1/tokens")).json()["items"]
    assert (listed["id"], listed["bot_id"]) == (made["id"], bot_id)
    assert (await bob.client.delete(f"/v1/tokens/{made['id']}")).status_code == 404
    assert (await alice.client.delete(f"/v1/tokens/{made['id']}")).status_code == 204
    assert await whose(auth, made["token"]) == [None]


async def test_a_user_has_only_so_many_bots_and_an_admin_more(town: Town) -> None:
    async with town.instance(bots_per_user=1, bots_per_admin=2) as auth:
        alice = await auth.register("Alice")
        first = await new_bot(alice)

        refused = await alice.post("/v1/bots", json={"name": "Second"})
        assert (refused.status_code, refused.json()["code"]) == (409, "too_many_bots")

        await AccountStore(auth.database, Facts(auth.database, wake=lambda: None)).make_owner(
            email_key(alice.email), now=town.clock.now()
        )
        await new_bot(alice, "Second")
        assert (await alice.post("/v1/bots", json={"name": "Third"})).status_code == 409
        await alice.client.delete(f"/v1/bots/{first}")
        await new_bot(alice, "Third")


async def test_a_retired_bot_is_out_for_ever(
    town: Town, auth: Instance, alice: SignedInPerson
) -> None:
    bot_id = await new_bot(alice)
    made = await new_token(alice, bot=bot_id)
    robot = await program(auth, made["token"])
    await robot.get("/v1/me")

    assert (await alice.client.delete(f"/v1/bots/{bot_id}")).status_code == 204

    assert (await robot.get("/v1/me")).status_code == 401
    (fact,) = await town.heard(USER_DISABLED)
    assert isinstance(fact, UserChanged)
    assert str(fact.person_id) == bot_id
    assert await whose(auth, made["token"]) == [None]
    assert (await alice.get("/v1/bots")).json()["items"] == []
    assert (await alice.client.delete(f"/v1/bots/{bot_id}")).status_code == 404
    # What it wrote keeps its name.
    assert (await alice.get(f"/v1/users/{bot_id}")).json()["name"] == "Robot"


async def test_a_disabled_owner_takes_their_bots_along_and_brings_them_back(
    town: Town, auth: Instance, alice: SignedInPerson
) -> None:
    bot_id, retired_id = await new_bot(alice), await new_bot(alice, "Old")
    bots, own = await new_token(alice, bot=bot_id), await new_token(alice)
    await alice.client.delete(f"/v1/bots/{retired_id}")

    await disable(town, auth, alice.id)
    assert await whose(auth, bots["token"], own["token"]) == [None, None]
    refused = await auth.database.fetch("SELECT id FROM api_token WHERE refused_until IS NOT NULL")
    assert {str(row["id"]) for row in refused} == {bots["id"], own["id"]}

    await enable(town, auth, alice.id)
    assert None not in await whose(auth, bots["token"], own["token"])
    rows = await auth.database.fetch("SELECT id FROM account WHERE disabled_at IS NOT NULL")
    assert [str(row["id"]) for row in rows] == [retired_id]


async def test_a_bot_may_not_be_called_like_somebody_it_is_not(alice: SignedInPerson) -> None:
    for name in ("", "\u202etobor", "\u0430dmin"):
        assert (await alice.post("/v1/bots", json={"name": name})).status_code == 422


async def test_a_stolen_access_token_makes_no_bot(town: Town) -> None:
    async with town.instance(workers=()) as auth:
        alice = await auth.register("Alice")
        bot_id = await new_bot(alice)
        await town.clock.advance(600)

        answers = [
            await alice.post("/v1/bots", json={"name": "Robot"}),
            await alice.post(
                f"/v1/bots/{bot_id}/tokens", json={"name": "x", "scopes": ["profile"]}
            ),
            await alice.client.delete(f"/v1/bots/{bot_id}"),
        ]

    assert {answer.json()["code"] for answer in answers} == {"step_up_required"}
