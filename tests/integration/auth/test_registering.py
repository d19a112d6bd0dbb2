"""Making an account."""

import asyncio

import pytest

from services.auth.api.hashing import HashingBusy
from tests.integration.auth.living import (
    FIREFOX,
    PASSWORD,
    Instance,
    SignedInPerson,
    Town,
    registration,
)


async def test_who_registers_is_logged_in(auth: Instance) -> None:
    stranger = await auth.client()

    answer = await stranger.post("/v1/auth/register", json=registration("Alice"))

    said = answer.json()
    assert answer.status_code == 201
    assert said.keys() == {"user", "access_token", "expires_in", "refresh_token"}
    assert said["expires_in"] == 900
    assert said["user"] == {
        "id": said["user"]["id"],
        "kind": "user",
        "name": "Alice",
        "email": "alice@example.org",
        "email_verified": False,
        "has_password": True,
        "system_role": "member",
        "avatar": None,
        "created_at": "2023-11-14T22:13:20.000Z",
        "updated_at": "2023-11-14T22:13:20.000Z",
    }


async def test_both_tokens_of_a_registration_are_good(auth: Instance) -> None:
    alice = await auth.register("Alice")

    me = await alice.get("/v1/me")
    refreshed = await auth.refresh(alice.refresh_token)

    assert me.json()["id"] == alice.id
    assert refreshed.status_code == 200


async def test_who_registers_first_becomes_nothing(alice: SignedInPerson) -> None:
    assert (await alice.get("/v1/me")).json()["system_role"] == "member"


async def test_an_address_is_taken_once(auth: Instance, alice: SignedInPerson) -> None:
    stranger = await auth.client()

    again = await stranger.post("/v1/auth/register", json=registration("Alice"))

    assert again.status_code == 409
    assert again.json()["code"] == "email_taken"


async def test_another_spelling_of_an_address_is_the_same_one(
    auth: Instance, alice: SignedInPerson
) -> None:
    stranger = await auth.client()
    body = registration("Alice", email="ALICE@Example.Org")

    assert (await stranger.post("/v1/auth/register", json=body)).status_code == 409


async def test_of_many_who_want_one_address_one_gets_it(auth: Instance) -> None:
    stranger = await auth.client()

    answers = await asyncio.gather(
        *(stranger.post("/v1/auth/register", json=registration("Alice")) for _ in range(20))
    )

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201] + [409] * 19


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"email": "alice"}, {"email": "must be an e-mail address"}),
        ({"name": ""}, {"name": "must have 1 to 64 characters"}),
        (
            {"name": "Al\u202eice"},
            {"name": "must not hold control or invisible characters"},
        ),
        ({"password": "short"}, {"password": "must have 8 to 128 characters"}),
        ({"password": "x" * 129}, {"password": "must have 8 to 128 characters"}),
        (
            {"password": "password1"},
            {"password": "is one of the most used passwords: choose another"},
        ),
        (
            {"password": "ALICE@example.org"},
            {"password": "must not be your name or e-mail address"},
        ),
        ({"email": 7}, {"email": "must be a string"}),
        (
            {"email": "x", "name": " ", "password": "short"},
            {
                "email": "must be an e-mail address",
                "name": "must have 1 to 64 characters",
                "password": "must have 8 to 128 characters",
            },
        ),
        (
            {"name": "Admin", "password": "password1"},
            {
                "name": "is reserved: choose another",
                "password": "is one of the most used passwords: choose another",
            },
        ),
    ],
)
async def test_what_is_wrong_is_said_by_field(
    auth: Instance, change: dict[str, object], fields: dict[str, str]
) -> None:
    stranger = await auth.client()

    answer = await stranger.post("/v1/auth/register", json=registration("Alice") | change)

    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"
    assert answer.json()["fields"] == fields


async def test_nobody_writes_their_own_role_or_id(auth: Instance) -> None:
    stranger = await auth.client()
    wishes: list[dict[str, object]] = [
        {"system_role": "owner"},
        {"role": "owner"},
        {"id": "00000000-0000-7000-8000-000000000001"},
        {"is_admin": True},
        {"version": 7},
        {"created_at": "2020-01-01T00:00:00Z"},
        {"disabled_at": None},
    ]

    for wish in wishes:
        answer = await stranger.post("/v1/auth/register", json=registration("Alice") | wish)

        assert answer.status_code == 422
        assert answer.json()["fields"] == dict.fromkeys(wish, "is not a known field")


async def test_a_password_is_kept_whole(auth: Instance) -> None:
    long = "x" * 127
    alice = await auth.register("Alice", password=long + "a")

    assert (await auth.log_in(alice.email, long + "b")).status_code == 401
    assert (await auth.log_in(alice.email, long + "a")).status_code == 200


async def test_a_password_may_be_typed_on_another_keyboard(auth: Instance) -> None:
    alice = await auth.register("Alice", password="\u00e5ngstr\u00f6m \u00fc")

    answer = await auth.log_in(alice.email, "a\u030angstro\u0308m u\u0308")

    assert answer.status_code == 200


async def test_the_password_is_nowhere_in_the_database(
    auth: Instance, alice: SignedInPerson
) -> None:
    rows = await auth.database.fetch("SELECT secret_hash FROM credential")

    # The recording hash writes the password down; the real one is tested with the hashing.
    assert [row["secret_hash"] for row in rows] == [f"v1:{PASSWORD}"]
    for table in ("account", "session", "outbox", "login_attempt"):
        dumped = await auth.database.fetch(f"SELECT t::text AS text FROM {table} t")
        assert not any(PASSWORD in row["text"] for row in dumped)


async def test_the_session_is_named_after_the_client_or_as_asked(auth: Instance) -> None:
    alice = await auth.register("Alice")
    bob = await auth.register("Bob", device="Bob's phone")

    (of_alice,) = (await alice.get("/v1/auth/sessions")).json()["items"]
    (of_bob,) = (await bob.get("/v1/auth/sessions")).json()["items"]

    assert (FIREFOX[:7], of_alice["name"]) == ("Mozilla", "Firefox on Linux")
    assert of_bob["name"] == "Bob's phone"


async def test_a_closed_server_takes_no_accounts(town: Town) -> None:
    async with town.instance(registration="closed") as auth:
        stranger = await auth.client()

        answer = await stranger.post("/v1/auth/register", json=registration("Alice"))

    assert answer.status_code == 403
    assert answer.json()["code"] == "registration_closed"


async def test_one_address_makes_only_so_many_accounts(town: Town) -> None:
    async with town.instance(registrations_burst=2, registrations_per_minute=6) as auth:
        await auth.register("Alice")
        await auth.register("Bob")
        stranger = await auth.client()

        answer = await stranger.post("/v1/auth/register", json=registration("Charlie"))

        assert answer.status_code == 429
        assert answer.json()["code"] == "rate_limited"
        assert answer.json()["retry_after_ms"] == 10_000
        assert answer.headers["retry-after"] == "10"
        await auth.register("Charlie", address="198.51.100.1")
        await town.clock.advance(10.0)
        await auth.register("Dora")


async def test_a_forwarded_address_is_not_believed(town: Town) -> None:
    async with town.instance(registrations_burst=1) as auth:
        await auth.register("Alice")
        liar = await auth.client(x_forwarded_for="198.51.100.1")

        answer = await liar.post("/v1/auth/register", json=registration("Bob"))

    assert answer.status_code == 429


async def test_when_too_many_hash_at_once_the_rest_come_back(town: Town) -> None:
    async with town.instance(hash_queue=1, hash_threads=1) as auth:
        auth.hash.gate.clear()
        first = asyncio.create_task(auth.register("Alice"))
        await auth.hash.waits_for_gate()
        stranger = await auth.client()

        answer = await stranger.post("/v1/auth/register", json=registration("Bob"))
        auth.hash.gate.set()
        await first

    assert answer.status_code == 503
    assert answer.json()["code"] == HashingBusy.code
    assert answer.json()["retry_after_ms"] == 2_500
