"""Services prove to each other who is calling."""

import pytest

from libs.common.errors import Unauthorized
from libs.common.tokens.keys import SigningKey
from libs.common.tokens.service import (
    RENEW_BEFORE_S,
    SERVICE_LIFE_S,
    ServiceTokens,
    ServiceVerifier,
)
from libs.common.tokens.signed import TokenExpired
from tests.support.clock import SetClock
from tests.unit.common.forging import NOW, forge, header

ROOMS = SigningKey.generate(NOW)
AUTH = SigningKey.generate(NOW)


def tokens_of_rooms(clock: SetClock | None = None) -> ServiceTokens:
    return ServiceTokens("rooms", ROOMS, clock=clock or SetClock(NOW))


def door_of_messages() -> ServiceVerifier:
    return ServiceVerifier(
        "messages", callers={"rooms": [ROOMS.public], "auth": [AUTH.public]}, leeway_s=0
    )


def forged(
    changes: dict[str, object] | None = None, *, key: SigningKey = ROOMS, typ: str = "svc+jwt"
) -> str:
    claims: dict[str, object] = {
        "iss": "rooms",
        "aud": "messages",
        "iat": int(NOW),
        "nbf": int(NOW),
        "exp": int(NOW) + SERVICE_LIFE_S,
    }
    return forge(header(kid=key.kid, typ=typ), claims | (changes or {}), key=key)


def test_the_callee_hears_who_calls() -> None:
    token = tokens_of_rooms().mint("messages")

    assert door_of_messages().verify(token, NOW) == "rooms"


async def test_a_token_is_used_again_until_it_nears_its_end() -> None:
    clock = SetClock(NOW)
    tokens = tokens_of_rooms(clock)
    first = tokens.mint("messages")

    await clock.advance(SERVICE_LIFE_S - RENEW_BEFORE_S - 1)
    assert tokens.mint("messages") == first

    await clock.advance(1)
    assert tokens.mint("messages") != first


def test_each_callee_has_its_own_token() -> None:
    tokens = tokens_of_rooms()

    assert tokens.mint("messages") != tokens.mint("auth")
    with pytest.raises(Unauthorized):
        door_of_messages().verify(tokens.mint("auth"), NOW)


async def test_a_clock_set_back_makes_a_new_token() -> None:
    clock = SetClock(NOW)
    tokens = tokens_of_rooms(clock)
    tokens.mint("messages")

    await clock.advance(-3600)

    assert door_of_messages().verify(tokens.mint("messages"), NOW - 3600) == "rooms"


def test_a_token_expires() -> None:
    with pytest.raises(TokenExpired):
        door_of_messages().verify(forged(), NOW + SERVICE_LIFE_S)


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "auth"},
        {"aud": ["messages"]},
        {"aud": None},
        {"iss": "auth"},
        {"iss": "gateway"},
        {"iss": None},
        {"nbf": int(NOW) + 1},
        {"exp": int(NOW) + SERVICE_LIFE_S + 1},
        {"exp": None},
        {"iat": None},
    ],
    ids=str,
)
def test_a_wrong_claim_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Unauthorized) as refusal:
        door_of_messages().verify(forged(wrong), NOW)

    assert refusal.value.code == "unauthenticated"


def test_nobody_signs_for_another() -> None:
    with pytest.raises(Unauthorized):
        door_of_messages().verify(forged(key=AUTH), NOW)


def test_who_is_not_on_the_list_is_refused() -> None:
    with pytest.raises(Unauthorized):
        door_of_messages().verify(forged(key=SigningKey.generate(NOW)), NOW)


@pytest.mark.parametrize("typ", ["at+jwt", "JWT", "refresh+jwt"])
def test_a_token_of_another_kind_is_refused(typ: str) -> None:
    with pytest.raises(Unauthorized):
        door_of_messages().verify(forged(typ=typ), NOW)


def test_a_service_may_have_two_keys_while_one_is_replaced() -> None:
    new = SigningKey.generate(NOW)
    door = ServiceVerifier("messages", callers={"rooms": [ROOMS.public, new.public]}, leeway_s=0)

    assert door.verify(forged(), NOW) == "rooms"
    assert door.verify(forged(key=new), NOW) == "rooms"
