"""Verifiers keep auth's public keys, and do without auth for as long as need be."""

import asyncio
import json

import pytest

from libs.common.errors import Unavailable
from libs.common.tokens.access import Verifier
from libs.common.tokens.jwks import MAX_KEYS, JwksCache, RemoteVerifier, read_jwks
from libs.common.tokens.keys import SigningKey
from libs.common.tokens.revoked import RevokedSessions
from libs.common.tokens.signed import UnknownKey
from tests.support.clock import SetClock, settle
from tests.unit.common.forging import (
    AUDIENCES,
    ISSUER,
    KEY,
    NOW,
    SESSION,
    STRANGER,
    claims,
    forge,
    header,
)

EVERY_S = 300.0
AFTER_S = 10.0


class Auth:
    """Publishes its keys; can be away; counts how often it was asked."""

    def __init__(self, *keys: SigningKey) -> None:
        self.keys = keys
        self.is_away = False
        self.asked = 0
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def jwks(self) -> bytes:
        self.asked += 1
        await self.may_answer.wait()
        if self.is_away:
            raise Unavailable
        return document(*self.keys)


def document(*keys: SigningKey, **extra: object) -> bytes:
    return json.dumps({"keys": [key.public.to_jwk() | extra for key in keys]}).encode()


def cache_of(auth: Auth, clock: SetClock) -> JwksCache:
    return JwksCache(auth.jwks, clock=clock, refresh_every_s=EVERY_S, refetch_after_s=AFTER_S)


def remote(cache: JwksCache) -> RemoteVerifier:
    verifier = Verifier(
        cache, issuer=ISSUER, audiences=AUDIENCES, leeway_s=0, revoked=RevokedSessions()
    )
    return RemoteVerifier(verifier, cache)


def token_of(key: SigningKey) -> str:
    return forge(header(kid=key.kid), claims(), key=key)


async def test_the_set_is_fetched_at_the_start_and_at_every_interval() -> None:
    clock, auth = SetClock(), Auth(KEY)
    cache = cache_of(auth, clock)
    running = asyncio.create_task(cache.run())

    await clock.advance(0)
    assert (auth.asked, cache.is_ready) == (1, True)

    await clock.advance(EVERY_S)
    assert auth.asked == 2
    running.cancel()


async def test_the_old_set_stays_while_auth_is_away() -> None:
    auth = Auth(KEY)
    cache = cache_of(auth, SetClock())
    await cache.refresh()

    auth.is_away = True
    await cache.refresh()

    assert (await remote(cache).verify(token_of(KEY), NOW)).session_id == SESSION


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>",
        b"{}",
        b'{"keys": []}',
        b'{"keys": [{"kty": "RSA"}]}',
        b'{"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA"}]}',
        b'{"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "!"}]}',
    ],
)
async def test_the_old_set_stays_when_the_answer_is_nonsense(answer: bytes) -> None:
    answers = [document(KEY), answer]

    async def fetch() -> bytes:
        return answers.pop(0)

    cache = JwksCache(fetch, clock=SetClock(), refresh_every_s=EVERY_S, refetch_after_s=AFTER_S)
    await cache.refresh()
    await cache.refresh()

    assert cache.find(KEY.kid) is not None


async def test_without_any_set_it_is_fetched_sooner() -> None:
    clock, auth = SetClock(), Auth(KEY)
    auth.is_away = True
    cache = cache_of(auth, clock)
    running = asyncio.create_task(cache.run())
    await clock.advance(0)
    was_ready = cache.is_ready

    auth.is_away = False
    await clock.advance(AFTER_S)

    assert (was_ready, cache.is_ready) == (False, True)
    running.cancel()


async def test_a_token_of_a_new_key_is_taken_at_once() -> None:
    clock, auth = SetClock(), Auth(KEY)
    cache = cache_of(auth, clock)
    await cache.refresh()
    await clock.advance(AFTER_S)

    auth.keys = (KEY, STRANGER)

    assert (await remote(cache).verify(token_of(STRANGER), NOW)).session_id == SESSION


async def test_unknown_keys_are_not_looked_for_again_and_again() -> None:
    clock, auth = SetClock(), Auth(KEY)
    cache = cache_of(auth, clock)
    verifier = remote(cache)
    await cache.refresh()
    await clock.advance(AFTER_S)

    for _ in range(20):
        with pytest.raises(UnknownKey):
            await verifier.verify(token_of(STRANGER), NOW)

    assert auth.asked == 2


async def test_those_who_wait_for_a_new_key_share_one_fetch() -> None:
    clock, auth = SetClock(), Auth(KEY)
    cache = cache_of(auth, clock)
    await cache.refresh()
    await clock.advance(AFTER_S)
    auth.keys = (KEY, STRANGER)
    auth.may_answer.clear()

    waiting = [asyncio.create_task(remote(cache).verify(token_of(STRANGER), NOW)) for _ in range(5)]
    await settle()
    auth.may_answer.set()
    verified = await asyncio.gather(*waiting)

    assert len(verified) == 5
    assert auth.asked == 2


async def test_an_old_key_is_gone_when_auth_publishes_it_no_more() -> None:
    auth = Auth(KEY, STRANGER)
    cache = cache_of(auth, SetClock())
    await cache.refresh()

    auth.keys = (STRANGER,)
    await cache.refresh()

    assert cache.find(KEY.kid) is None


def test_keys_for_other_purposes_are_passed_over() -> None:
    both = json.dumps(
        {"keys": [KEY.public.to_jwk(), STRANGER.public.to_jwk() | {"use": "enc"}, {"kty": "EC"}]}
    )

    assert list(read_jwks(both.encode())) == [KEY.kid]


def test_a_key_is_filed_under_its_own_thumbprint_whatever_the_document_says() -> None:
    assert list(read_jwks(document(STRANGER, kid=KEY.kid))) == [STRANGER.kid]


def test_a_set_of_too_many_keys_is_refused() -> None:
    with pytest.raises(ValueError, match="17 keys"):
        read_jwks(document(*[KEY] * (MAX_KEYS + 1)))


async def test_nobody_is_refused_while_there_is_no_key_to_check_with() -> None:
    auth = Auth(KEY)
    auth.is_away = True
    cache = cache_of(auth, SetClock())
    await cache.refresh()

    with pytest.raises(Unavailable):
        await remote(cache).verify(token_of(KEY), NOW)
