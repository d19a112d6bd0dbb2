"""Which token goes where, and what a caller with an opaque one is good for."""

import base64
import json
from uuid import UUID

import pytest

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.contracts.introspection import (
    Introspected,
    IntrospectionsAnswer,
    IntrospectionsRequest,
)
from libs.common.contracts.people import PersonKind
from libs.common.contracts.scopes import Scope
from libs.common.errors import TooMany, Unauthorized
from libs.common.http.people import SignedTokens
from libs.common.http.verifying import OPEN_S, AnyToken, issuer_of
from libs.common.ratelimit import Limit
from libs.common.tokens.access import Claims
from libs.common.tokens.api_tokens import composed
from libs.common.tokens.introspection import Introspection
from libs.common.tokens.revoked import RevokedSessions
from tests.support.clock import SetClock
from tests.unit.common.forging import ALICE, ISSUER, NOW, SESSION, minter, verifier

API_TOKEN = composed("s" * 43)
FOREIGN = "an-opaque-token-of-the-product"


class Signed:
    async def verify(self, token: str, now: float) -> Claims:
        return verifier().verify(token, now)


class Auth:
    """Knows whatever it is asked about, and what it was asked."""

    def __init__(self) -> None:
        self.scopes = ["messages:read", "messages:write"]
        self.life_s = 86_400.0
        self.foreign: list[str] = []

    async def introspect(self, asked: IntrospectionsRequest) -> IntrospectionsAnswer:
        self.foreign += asked.foreign
        found = Introspected(
            person_id=PersonId(UUID(int=3)),
            kind=PersonKind.BOT,
            name="Robot",
            session_id=SessionId(UUID(int=30)),
            expires_at=NOW + self.life_s,
            scopes=self.scopes,
        )
        return IntrospectionsAnswer(
            api_tokens=[found] * len(asked.api_tokens),
            foreign=[found] * len(asked.foreign),
            takes_foreign=True,
        )


class Door:
    def __init__(self) -> None:
        self.clock = SetClock(NOW)
        self.auth = Auth()
        self.tokens = AnyToken(
            SignedTokens(Signed()),
            Introspection(self.auth, RevokedSessions(), clock=self.clock),
            issuer=ISSUER,
            pace=Limit(1.0, 3),
            clock=self.clock,
        )


@pytest.fixture
def door() -> Door:
    return Door()


def jwt(**claims: object) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{payload}.c2ln"


async def test_our_own_access_token_is_a_session_and_auth_is_not_asked(door: Door) -> None:
    caller = await door.tokens.verify(minter().mint(ALICE, SESSION, now=NOW), NOW)

    assert (caller.id, caller.session_id, caller.scopes) == (ALICE.id, SESSION, None)
    assert door.auth.foreign == []


async def test_an_api_token_is_good_for_its_scopes(door: Door) -> None:
    caller = await door.tokens.verify(API_TOKEN, NOW)

    assert caller.person.kind is PersonKind.BOT
    assert caller.scopes == frozenset({Scope.MESSAGES_READ, Scope.MESSAGES_WRITE})


async def test_a_scope_of_a_later_release_counts_for_nothing(door: Door) -> None:
    door.auth.scopes = ["messages:read", "calls:record"]

    assert (await door.tokens.verify(API_TOKEN, NOW)).scopes == frozenset({Scope.MESSAGES_READ})


@pytest.mark.parametrize(("life_s", "open_s"), [(86_400.0, OPEN_S), (60.0, 60.0)])
async def test_what_is_opened_with_it_wants_to_be_shown_it_again(
    door: Door, life_s: float, open_s: float
) -> None:
    door.auth.life_s = life_s

    assert (await door.tokens.verify(API_TOKEN, NOW)).expires_at == NOW + open_s


async def test_each_token_has_a_pace(door: Door) -> None:
    for _ in range(3):
        await door.tokens.verify(API_TOKEN, NOW)

    with pytest.raises(TooMany):
        await door.tokens.verify(API_TOKEN, NOW)

    await door.clock.advance(1)
    await door.tokens.verify(API_TOKEN, door.clock.now())


@pytest.mark.parametrize("token", [FOREIGN, jwt(iss="https://product.example"), jwt()])
async def test_what_names_another_issuer_or_none_is_asked_about(door: Door, token: str) -> None:
    caller = await door.tokens.verify(token, NOW)

    assert caller.name == "Robot"
    assert door.auth.foreign == [token]


async def test_who_forges_our_issuer_is_held_to_our_keys(door: Door) -> None:
    with pytest.raises(Unauthorized):
        await door.tokens.verify(jwt(iss=ISSUER, sub=str(ALICE.id)), NOW)

    assert door.auth.foreign == []


@pytest.mark.parametrize(
    "token",
    ["", "a.b", "a.b.c.d", "a.!.c", "a.AAAA.c", jwt(iss=7), jwt(iss=["x"]), "e30.W10.x", "ä.é.ö"],
)
def test_what_is_no_jwt_names_no_issuer(token: str) -> None:
    assert issuer_of(token) is None


def test_a_jwt_names_its_issuer() -> None:
    assert issuer_of(jwt(iss=ISSUER)) == ISSUER
