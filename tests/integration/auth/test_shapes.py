"""What every answer has in common, and what none may hold."""

from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import validate
from structlog.testing import capture_logs

from tests.integration.auth.living import PASSWORD, Instance, SignedInPerson

PATHS = {
    "/v1/auth/register": {"post"},
    "/v1/auth/login": {"post"},
    "/v1/auth/refresh": {"post"},
    "/v1/auth/logout": {"post"},
    "/v1/auth/logout-all": {"post"},
    "/v1/auth/sessions": {"get"},
    "/v1/auth/sessions/{session_id}": {"delete"},
    "/v1/me": {"delete", "get", "patch"},
    "/v1/users": {"get"},
    "/v1/users/{user_id}": {"get"},
    "/v1/.well-known/jwks.json": {"get"},
}
WITH_ADDRESS = {
    # What people send, and what is their own.
    "AccountShown",
    "Address",
    "IdentityShown",
    "Login",
    "NewInvite",
    "Registration",
    # Whether to write letters, which is no address.
    "NotificationsBody",
    # For those who run the server.
    "AccountAdministered",
}


async def document(auth: Instance) -> dict[str, Any]:
    stranger = await auth.client()
    found: dict[str, Any] = (await stranger.get("/openapi.json")).json()
    return found


async def test_the_endpoints_are_documented(auth: Instance) -> None:
    found = await document(auth)

    validate(found)
    described = {path: set(item) for path, item in found["paths"].items() if path in PATHS}
    assert described == PATHS


async def test_addresses_are_in_no_shape_but_ones_own(auth: Instance) -> None:
    schemas = (await document(auth))["components"]["schemas"]

    with_address = {name for name, schema in schemas.items() if "email" in properties(schema)}

    assert with_address == WITH_ADDRESS
    for schema in schemas.values():
        assert not {"password_hash", "secret_hash", "token_hash"} & properties(schema)


def properties(schema: dict[str, Any]) -> set[str]:
    return set(schema.get("properties", {}))


async def test_nobody_elses_address_or_hash_is_in_any_answer(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    answers = [
        await alice.get("/v1/me"),
        await alice.get("/v1/users"),
        await alice.get("/v1/users", q="Bob"),
        await alice.get(f"/v1/users/{bob.id}"),
        await alice.get("/v1/auth/sessions"),
        await alice.get("/v1/.well-known/jwks.json"),
        await auth.refresh(alice.refresh_token),
        await auth.log_in(alice.email),
        await auth.log_in(bob.email, "wrong password"),
    ]

    for answer in answers:
        assert bob.email not in answer.text
        assert not {"v1:", PASSWORD, "hash"} & set(words(answer.json()))


def words(value: object) -> Iterator[str]:
    """Yield every name and every text in a JSON value."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from words(part)
    elif isinstance(value, list):
        for part in value:
            yield from words(part)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/me", 401),
        ("POST", "/v1/auth/login", 415),
        ("GET", "/v1/nowhere", 404),
        ("TRACE", "/v1/me", 405),
        ("GET", "/v1/.well-known/jwks.json", 200),
    ],
)
async def test_nothing_is_kept_in_caches(
    auth: Instance, method: str, path: str, status: int
) -> None:
    stranger = await auth.client()

    answer = await stranger.request(method, path)

    assert answer.status_code == status
    assert answer.headers["cache-control"] == "no-store"


async def test_events_are_logged_with_ids_and_without_secrets(auth: Instance) -> None:
    with capture_logs() as lines:
        alice = await auth.register("Alice")
        await auth.log_in(alice.email, "wrong password")
        await auth.log_in("nobody@example.org", "wrong password")
        await auth.log_in(alice.email)
        second = (await auth.refresh(alice.refresh_token)).json()["refresh_token"]
        await auth.refresh(second)
        await auth.refresh(alice.refresh_token)

    told = [(line["event"], str(line.get("user_id"))) for line in lines]
    for event, who in [
        ("account_registered", alice.id),
        ("login_failed", alice.id),
        ("login_failed", "None"),
        ("login_succeeded", alice.id),
        ("refresh_token_reused", alice.id),
        ("session_ended", alice.id),
    ]:
        assert (event, who) in told
    everything = str(lines)
    for secret in (PASSWORD, "wrong password", "@example.org", alice.refresh_token, second):
        assert secret not in everything
