"""A provider that lies, or that somebody has taken over: none of it lets anybody in."""

import base64
import hmac
import json
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from services.auth.model.identities import Identity
from tests.integration.auth.elsewhere import FIRST, browser, entry, settings_of, whoami
from tests.integration.auth.living import Instance, Town
from tests.support.oidc_provider import CLIENT_SECRET, Browser
from tests.support.scripted_provider import Answer, ScriptedProvider

DOCUMENT: Final = "/.well-known/openid-configuration"

NOT_PROVED = "/login#error=identity_invalid"
NOT_THERE = "/login#error=provider_unavailable"


@pytest.fixture
async def provider(town: Town) -> AsyncIterator[ScriptedProvider]:
    async with ScriptedProvider.running(town.clock.now) as running:
        yield running


@pytest.fixture
async def auth(town: Town, provider: ScriptedProvider) -> AsyncIterator[Instance]:
    async with town.instance(identity=settings_of([entry(FIRST, provider.issuer)])) as instance:
        yield instance


async def log_in(hers: Browser, provider: ScriptedProvider) -> str:
    return await hers.come_back(provider.answer_to(await hers.sent_to(FIRST)))


LIES: Final[tuple[dict[str, Any], ...]] = (
    {"nonce": "another"},
    {"nonce": ...},
    {"aud": "another-client"},
    {"aud": ["hubbub", "another-client"]},
    {"azp": "another-client"},
    {"iss": "https://accounts.example.com"},
    {"exp": 1_699_999_000},
    {"iat": 1_699_990_000},
    {"sub": ...},
    # What userinfo adds is about Alice.
    {"sub": "mallory-1", "email": ...},
)


async def test_a_token_for_somebody_or_something_else_is_refused(
    auth: Instance, provider: ScriptedProvider
) -> None:
    async with browser(auth) as hers:
        for lie in LIES:
            provider.says(**lie)

            assert await log_in(hers, provider) == NOT_PROVED, lie
        assert "hubbub_refresh" not in hers.here.cookies


def unsigned(claims: dict[str, Any]) -> str:
    return f"{packed({'alg': 'none'})}.{packed(claims)}."


def by_our_own_secret(claims: dict[str, Any]) -> str:
    return str(jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(CLIENT_SECRET)))


def by_a_key_of_nobody(claims: dict[str, Any]) -> str:
    key = ECKey.generate_key("P-256", {"kid": "k-1"})
    return str(jwt.encode({"alg": "ES256", "kid": "k-1"}, claims, key))


def by_a_key_in_the_token(claims: dict[str, Any]) -> str:
    key = ECKey.generate_key("P-256")
    header = {"alg": "ES256", "jwk": key.as_dict(private=False), "jku": "http://127.0.0.1:1/"}
    return str(jwt.encode(header, claims, key))


def packed(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


async def test_a_token_that_the_provider_did_not_sign_is_refused(
    auth: Instance, provider: ScriptedProvider
) -> None:
    def by_the_public_key(claims: dict[str, Any]) -> str:
        signed = f"{packed({'alg': 'HS256', 'kid': 'k-1'})}.{packed(claims)}"
        mac = hmac.digest(provider.key.as_pem(private=False), signed.encode(), "sha256")
        return f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"

    signers: tuple[Any, ...] = (
        unsigned,
        by_our_own_secret,
        by_a_key_of_nobody,
        by_a_key_in_the_token,
        by_the_public_key,
        lambda _: "",
        lambda _: 7,
    )
    async with browser(auth) as hers:
        for sign in signers:
            provider.sign = sign

            assert await log_in(hers, provider) == NOT_PROVED, sign


async def test_a_new_key_is_fetched_once_it_signs(
    auth: Instance, provider: ScriptedProvider, town: Town
) -> None:
    async with browser(auth) as hers, browser(auth) as later:
        await log_in(hers, provider)
        provider.key = ECKey.generate_key("P-256", {"kid": "k-2"})
        too_soon = await log_in(later, provider)
        asked = provider.asked.count("/jwks")
        await town.clock.advance(31)

        in_time = await log_in(later, provider)

    assert (too_soon, asked) == (NOT_PROVED, 1)
    assert (in_time, provider.asked.count("/jwks")) == ("/", 2)


async def test_the_truth_is_believed_and_what_a_provider_says_of_itself_is_kept(
    auth: Instance, provider: ScriptedProvider
) -> None:
    async with browser(auth) as hers, browser(auth) as his:
        assert [await log_in(hers, provider), await log_in(his, provider)] == ["/", "/"]
        assert (await whoami(hers))["name"] == "Alice"

    assert provider.asked == [DOCUMENT, "/jwks", "/token", "/token"]


async def test_a_provider_sends_us_to_no_place_of_its_choice(
    auth: Instance, provider: ScriptedProvider
) -> None:
    stranger = await auth.client()
    for changed in (
        {"issuer": "https://accounts.example.com"},
        {"jwks_uri": "http://169.254.169.254/latest/meta-data"},
        {"token_endpoint": "https://10.0.0.7/token"},
        {"userinfo_endpoint": "http://localhost:5432/"},
        {"authorization_endpoint": "javascript:alert(1)"},
    ):
        provider.answers[DOCUMENT] = Answer(json.dumps(provider.metadata() | changed).encode())

        answer = await stranger.get("/v1/auth/oidc/first/login")

        assert answer.headers["location"] == NOT_PROVED, changed
    for strange in (
        Answer(b"", "302 Found", "location: http://169.254.169.254/\r\n"),
        Answer(b"{}" + b" " * 300_000),
        Answer(b"\x1f\x8b", headers="content-encoding: gzip\r\n"),
        Answer(b"{}", "500 Internal Server Error"),
    ):
        provider.answers[DOCUMENT] = strange

        answer = await stranger.get("/v1/auth/oidc/first/login")

        assert answer.headers["location"] == NOT_THERE, strange.status
    assert set(provider.asked) == {DOCUMENT}


async def test_who_was_deleted_at_the_provider_is_not_let_in_by_it(
    auth: Instance, provider: ScriptedProvider
) -> None:
    await auth.database.execute(
        "INSERT INTO identity_news VALUES ($1, now(), true, false)",
        Identity(provider.issuer, "alice-1").hashed(),
    )

    async with browser(auth) as hers:
        assert await log_in(hers, provider) == "/login#error=account_disabled"
