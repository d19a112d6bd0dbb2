"""API tokens: made once, kept as a hash, good for what they name and not a moment longer."""

import re
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from libs.common.contracts.facts import SESSION_REVOKED, SessionRevoked
from libs.common.tokens.api_tokens import hashed
from services.auth.store.facts import Facts
from services.auth.store.tokens import TokenStore
from tests.integration.auth.living import Instance, SignedInPerson, Town
from tests.integration.auth.mailing import Mailing
from tests.integration.auth.programs import READING, new_token, program, whose
from tests.support.mail_server import text_of

DAY_S = 86_400


async def test_a_token_is_shown_once_and_kept_as_a_hash(
    auth: Instance, alice: SignedInPerson
) -> None:
    made = await new_token(alice)

    (listed,) = (await alice.get("/v1/tokens")).json()["items"]
    assert re.fullmatch(r"hbt_[A-Za-z0-9_-]{49}", made["token"])
    assert listed == {name: made[name] for name in made if name != "token"}
    assert made["token"].startswith(listed["prefix"])
    row = await auth.database.fetchrow("SELECT token_hash, api_token::text AS all FROM api_token")
    assert row is not None
    assert row["token_hash"] == hashed(made["token"])
    assert made["token"] not in row["all"]


async def test_a_token_acts_as_its_person(auth: Instance, alice: SignedInPerson) -> None:
    script = await program(auth, (await new_token(alice))["token"])

    assert (await script.get("/v1/me")).json()["id"] == alice.id


OUTSIDE: Final = (
    "GET /v1/users",
    "GET /v1/auth/sessions",
    "POST /v1/auth/logout",
    "POST /v1/auth/logout-all",
    "POST /v1/auth/password/change",
    "POST /v1/auth/totp",
    "POST /v1/auth/passkeys/options",
    "POST /v1/auth/step-up",
    "GET /v1/tokens",
    "POST /v1/tokens",
    f"DELETE /v1/tokens/{uuid4()}",
    "GET /v1/bots",
    "POST /v1/bots",
    f"POST /v1/bots/{uuid4()}/tokens",
    "GET /v1/me/identities",
    "POST /v1/me/export",
    "DELETE /v1/me",
)
"""Where a token without users:read and admin is good for nothing."""


async def test_outside_its_scopes_a_token_is_good_for_nothing(
    auth: Instance, alice: SignedInPerson
) -> None:
    scopes = ["rooms:read", "rooms:write", "messages:read", "messages:write", "presence", "profile"]
    script = await program(auth, (await new_token(alice, scopes))["token"])

    answers = {}
    for endpoint in OUTSIDE:
        method, path = endpoint.split()
        answer = await script.request(method, path, json={} if method == "POST" else None)
        answers[endpoint] = (answer.status_code, answer.json()["code"])

    assert answers == dict.fromkeys(OUTSIDE, (403, "insufficient_scope"))


async def test_other_services_are_told_whose_it_is_and_for_what(
    auth: Instance, alice: SignedInPerson
) -> None:
    made = await new_token(alice, expires_in_s=60)

    (told,) = await whose(auth, made["token"])

    assert told == {
        "person_id": alice.id,
        "kind": "user",
        "name": "Alice",
        "session_id": made["id"],
        "expires_at": 1_700_000_060.0,
        "scopes": sorted(READING),
    }


async def test_they_are_told_nothing_of_what_was_never_made(auth: Instance) -> None:
    rooms = await auth.client(listener=1, authorization="Bearer rooms")

    answer = await rooms.post(
        "/internal/introspections", json={"api_tokens": ["0" * 64], "foreign": ["e30.e30.e30"]}
    )

    assert answer.json() == {"api_tokens": [None], "foreign": [None], "takes_foreign": False}


async def test_they_ask_by_hash_and_about_a_hundred_at_most(auth: Instance) -> None:
    rooms = await auth.client(listener=1, authorization="Bearer rooms")

    for tokens in (["x"], ["0" * 64] * 101):
        answer = await rooms.post("/internal/introspections", json={"api_tokens": tokens})
        assert answer.status_code == 422


async def test_people_may_not_ask_whose_a_token_is(auth: Instance, alice: SignedInPerson) -> None:
    made = await new_token(alice)
    for token in (made["token"], "stranger"):
        inside = await auth.client(listener=1, authorization=f"Bearer {token}")
        answer = await inside.post("/internal/introspections", json={})
        assert answer.status_code in (401, 403)

    assert (await alice.post("/internal/introspections", json={})).status_code == 404


async def test_a_revoked_token_is_void_at_once_and_everybody_hears_of_it(
    town: Town, auth: Instance, alice: SignedInPerson
) -> None:
    made = await new_token(alice)
    script = await program(auth, made["token"])
    await script.get("/v1/me")

    assert (await alice.client.delete(f"/v1/tokens/{made['id']}")).status_code == 204

    assert (await script.get("/v1/me")).status_code == 401
    (fact,) = await town.heard(SESSION_REVOKED)
    assert isinstance(fact, SessionRevoked)
    assert (str(fact.session_id), fact.reason) == (made["id"], "token_revoked")
    assert await whose(auth, made["token"]) == [None]
    assert (await alice.get("/v1/tokens")).json()["items"] == []


async def test_who_missed_the_fact_reads_of_the_revocation(
    auth: Instance, alice: SignedInPerson
) -> None:
    made = await new_token(alice)
    await alice.client.delete(f"/v1/tokens/{made['id']}")
    rooms = await auth.client(listener=1, authorization="Bearer rooms")

    told = (await rooms.post("/internal/revocations", json={})).json()["sessions"]

    assert [one["session_id"] for one in told] == [made["id"]]


async def test_nobody_sees_or_revokes_the_token_of_another(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    made = await new_token(alice)

    assert (await bob.client.delete(f"/v1/tokens/{made['id']}")).status_code == 404
    assert (await bob.get("/v1/tokens")).json()["items"] == []
    assert await whose(auth, made["token"]) != [None]


async def test_a_token_expires(town: Town) -> None:
    async with town.instance(workers=()) as auth:
        alice = await auth.register("Alice")
        script = await program(auth, (await new_token(alice, expires_in_s=60))["token"])
        assert (await script.get("/v1/me")).status_code == 200

        await town.clock.advance(60)

        assert (await script.get("/v1/me")).json()["code"] == "unauthenticated"


async def test_who_does_not_say_how_long_gets_what_the_server_gives(
    auth: Instance, alice: SignedInPerson
) -> None:
    made = await new_token(alice)

    times = [datetime.fromisoformat(made[name]) for name in ("created_at", "expires_at")]
    assert times[1] - times[0] == timedelta(days=90)


WRONG: Final[list[tuple[dict[str, object], str]]] = [
    ({"expires_in_s": 365 * DAY_S + 1}, "expires_in_s"),
    ({"expires_in_s": 59}, "expires_in_s"),
    ({"scopes": []}, "scopes"),
    ({"scopes": ["admin"]}, "scopes"),
    ({"scopes": ["everything"]}, "scopes.0"),
    ({"name": "\u202ebot"}, "name"),
    ({"account_id": str(uuid4())}, "account_id"),
    ({"token": "hbt_mine"}, "token"),
]


async def test_what_a_token_may_not_be(alice: SignedInPerson) -> None:
    for wrong, field in WRONG:
        body = {"name": "Script", "scopes": ["rooms:read"]} | wrong
        answer = await alice.post("/v1/tokens", json=body)

        assert answer.status_code == 422
        assert list(answer.json()["fields"]) == [field]


async def test_a_stolen_access_token_does_not_become_an_api_token(town: Town) -> None:
    async with town.instance(workers=()) as auth:
        alice = await auth.register("Alice")
        await town.clock.advance(600)

        answer = await alice.post("/v1/tokens", json={"name": "Script", "scopes": ["profile"]})

    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")


async def test_an_account_has_only_so_many_tokens(town: Town) -> None:
    async with town.instance(tokens_per_account=2, tokens_burst=9) as auth:
        alice = await auth.register("Alice")
        first = await new_token(alice)
        await new_token(alice)

        answer = await alice.post("/v1/tokens", json={"name": "x", "scopes": ["profile"]})
        assert (answer.status_code, answer.json()["code"]) == (409, "too_many_tokens")

        await alice.client.delete(f"/v1/tokens/{first['id']}")
        await new_token(alice)


async def test_nobody_makes_tokens_without_end(town: Town) -> None:
    async with town.instance(tokens_burst=1, tokens_per_minute=1) as auth:
        alice = await auth.register("Alice")
        await new_token(alice)

        answer = await alice.post("/v1/tokens", json={"name": "x", "scopes": ["profile"]})

    assert answer.status_code == 429


async def test_one_token_has_a_pace_of_its_own(auth: Instance, alice: SignedInPerson) -> None:
    busy, calm = [await program(auth, (await new_token(alice))["token"]) for _ in range(2)]

    answers = [(await busy.get("/v1/me")).status_code for _ in range(101)]

    assert answers == [200] * 100 + [429]
    assert (await calm.get("/v1/me")).status_code == 200


async def test_its_last_use_is_written_once_a_minute(town: Town) -> None:
    async with town.instance(workers=()) as auth:
        alice = await auth.register("Alice")
        made = await new_token(alice)
        used = []
        for pause_s in (0, 59, 1):
            await town.clock.advance(pause_s)
            await whose(auth, made["token"])
            (listed,) = (await alice.get("/v1/tokens")).json()["items"]
            used.append(listed["last_used_at"])

    assert made["last_used_at"] is None
    assert used[0] == used[1]
    assert datetime.fromisoformat(used[2]) - datetime.fromisoformat(used[0]) == timedelta(minutes=1)


async def test_its_owner_is_written_to(mail: Mailing) -> None:
    alice = await mail.enter("Alice")

    await new_token(alice)

    letter = await mail.server.letter(alice.email, "An API token was made")
    assert "hbt_" not in text_of(letter)


async def test_the_log_names_the_token_by_its_id(auth: Instance, alice: SignedInPerson) -> None:
    made = await new_token(alice)
    await alice.client.delete(f"/v1/tokens/{made['id']}")

    rows = await auth.database.fetch(
        "SELECT kind, actor_id, details::text FROM audit WHERE kind LIKE 'token.%' ORDER BY id"
    )
    assert [(row["kind"], row["actor_id"]) for row in rows] == [
        ("token.made", UUID(alice.id)),
        ("token.revoked", UUID(alice.id)),
    ]
    assert all(made["id"] in row["details"] for row in rows)


async def test_old_tokens_are_swept(town: Town) -> None:
    async with town.instance(workers=()) as auth:
        alice = await auth.register("Alice")
        made = [await new_token(alice, expires_in_s=life_s) for life_s in (60, DAY_S, DAY_S)]
        await alice.client.delete(f"/v1/tokens/{made[1]['id']}")
        tokens = TokenStore(auth.database, Facts(auth.database, wake=lambda: None))
        now = town.clock.now()

        await tokens.sweep(expired_before=now + 60, refused_before=now + 900)
        assert len(await auth.database.fetch("SELECT FROM api_token")) == 3
        await tokens.sweep(expired_before=now + 61, refused_before=now + 901)

        (row,) = await auth.database.fetch("SELECT id FROM api_token")
    assert str(row["id"]) == made[2]["id"]
