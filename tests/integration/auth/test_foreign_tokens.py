"""People who come with a token of another product are users here, and only with such a token."""

import asyncio
import base64
import hmac
import json
from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import UUID

import pytest

from libs.common.contracts.ids import PersonId
from services.auth.model.sessions import Ending, EndReason
from services.auth.settings.identity import IdentitySettings
from services.auth.store.accounts import AccountStore
from services.auth.store.facts import Facts
from tests.integration.auth.living import Instance, Town
from tests.integration.auth.product import AUDIENCE, ISSUER, Product, new_key, product
from tests.support.clock import TEN_O_CLOCK

NOW = TEN_O_CLOCK
INTERNAL = 1
EMBEDDED = "opaque-token+of/the~product=="


def said_of(subject: str, **more: Any) -> dict[str, Any]:
    return {"active": True, "sub": subject, "name": "Dora", "exp": NOW + 3_600} | more


def claims(**more: Any) -> dict[str, Any]:
    given = {"iss": ISSUER, "aud": AUDIENCE, "sub": "dora", "name": "Dora", "exp": NOW + 3_600}
    return given | more


@pytest.fixture
async def shop() -> AsyncIterator[Product]:
    async with product() as made:
        yield made


@pytest.fixture
async def asking(town: Town, shop: Product) -> AsyncIterator[Instance]:
    """Auth that asks the product about each token."""
    identity = IdentitySettings.model_validate(shop.settings())
    async with town.instance(identity=identity, workers=()) as auth:
        yield auth


@pytest.fixture
async def checking(town: Town, shop: Product) -> AsyncIterator[Instance]:
    """Auth that checks the product's signatures."""
    identity = IdentitySettings.model_validate(shop.settings_for_signed())
    async with town.instance(identity=identity, workers=()) as auth:
        yield auth


async def told(auth: Instance, *tokens: str) -> list[Any]:
    """Return what another service is told of these tokens."""
    rooms = await auth.client(listener=INTERNAL, authorization="Bearer rooms")
    answer = await rooms.post("/internal/introspections", json={"foreign": list(tokens)})
    assert answer.status_code == 200, answer.text
    assert answer.json()["takes_foreign"]
    found: list[Any] = answer.json()["foreign"]
    return found


async def test_somebody_new_gets_an_account_by_the_products_name_for_them(
    asking: Instance, shop: Product
) -> None:
    shop.tokens[EMBEDDED] = said_of("dora")
    dora = await asking.bearing(EMBEDDED)

    me = (await dora.get("/v1/me")).json()

    assert (me["kind"], me["name"], me["email"]) == ("user", "Dora", "")
    row = await asking.database.fetchrow("SELECT issuer, subject, account_id FROM identity")
    assert row is not None
    assert (row["issuer"], row["subject"], str(row["account_id"])) == (ISSUER, "dora", me["id"])


async def test_who_comes_again_with_another_token_is_the_same_in_the_same_session(
    asking: Instance, shop: Product
) -> None:
    shop.tokens |= {"first": said_of("dora", sid="s1"), "next": said_of("dora", sid="s1")}
    shop.tokens |= {"phone": said_of("dora", sid="s2"), "bob": said_of("bob", sid="s1")}

    first, then, phone, bob = await told(asking, "first", "next", "phone", "bob")

    assert first == then
    assert phone["person_id"] == first["person_id"] != bob["person_id"]
    assert len({one["session_id"] for one in (first, phone, bob)}) == 3


async def test_many_doors_that_see_somebody_new_at_once_make_one_account(
    asking: Instance, shop: Product
) -> None:
    shop.tokens[EMBEDDED] = said_of("dora")

    answers = await asyncio.gather(*(told(asking, EMBEDDED) for _ in range(8)))

    assert len({answer[0]["person_id"] for answer in answers}) == 1
    assert await asking.database.fetchval("SELECT count(*) FROM account") == 1


async def test_such_a_token_is_good_for_the_chat_and_not_for_the_account(
    asking: Instance, shop: Product
) -> None:
    shop.tokens[EMBEDDED] = said_of("dora")
    dora = await asking.bearing(EMBEDDED)

    (found,) = await told(asking, EMBEDDED)
    assert "admin" not in found["scopes"]
    assert "messages:write" in found["scopes"]
    for method, path in [("GET", "/v1/auth/sessions"), ("GET", "/v1/tokens"), ("POST", "/v1/bots")]:
        answer = await dora.request(method, path, json=None if method == "GET" else {})
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")


WORTHLESS: Final[list[dict[str, Any]]] = [
    {"active": False},
    said_of("dora", active="true"),
    said_of("dora", active=1),
    said_of("dora", iss="https://other.example"),
    said_of("dora", exp=NOW),
    said_of("dora", exp="tomorrow"),
    said_of("dora", exp=True),
    said_of("dora", nbf=NOW + 600),
    said_of(""),
    said_of("a\nb"),
    said_of("x" * 256),
    {"active": True, "exp": NOW + 60},
]


async def test_what_the_product_does_not_vouch_for_lets_nobody_in(
    asking: Instance, shop: Product
) -> None:
    shop.tokens = {f"token-{at}": said for at, said in enumerate(WORTHLESS)}

    found = await told(asking, *shop.tokens)

    assert dict(zip(shop.tokens, found, strict=True)) == dict.fromkeys(shop.tokens)
    assert await asking.database.fetchval("SELECT count(*) FROM account") == 0


async def test_without_the_product_nobody_new_is_let_in_and_our_own_people_are(
    asking: Instance, shop: Product
) -> None:
    shop.is_broken = True
    alice = await asking.register("Alice")
    dora = await asking.bearing(EMBEDDED)

    assert (await dora.get("/v1/me")).status_code == 503
    assert (await alice.get("/v1/me")).status_code == 200


async def test_who_was_disabled_here_is_out_whatever_the_product_says(
    town: Town, asking: Instance, shop: Product
) -> None:
    shop.tokens[EMBEDDED] = said_of("dora")
    (found,) = await told(asking, EMBEDDED)

    ending = Ending(EndReason.ACCOUNT_DISABLED, at=NOW, until=NOW + 900.0)
    accounts = AccountStore(asking.database, Facts(asking.database, wake=lambda: None))
    await accounts.disable(PersonId(UUID(found["person_id"])), ending=ending, now=NOW)

    assert await told(asking, EMBEDDED) == [None]


async def test_whatever_the_product_calls_somebody_they_get_a_name(
    asking: Instance, shop: Product
) -> None:
    names: list[object] = ["\u202e", "", "x" * 500, "\u0430dmin", 7, None]
    shop.tokens = {f"token-{at}": said_of(f"{at}", name=name) for at, name in enumerate(names)}

    found = [one["name"] for one in await told(asking, *shop.tokens)]

    assert all(1 <= len(name) <= 64 for name in found)
    assert found[2] == "x" * 64
    assert {found[at] for at in (0, 1, 3, 4, 5)} == {"New user"}


async def test_a_signed_token_is_checked_without_asking_about_it(
    checking: Instance, shop: Product
) -> None:
    tokens = [shop.sign(claims(sub=who)) for who in ("dora", "erin", "frank")]

    found = await told(checking, *tokens)

    assert len({one["person_id"] for one in found}) == 3
    assert shop.asked == 1


async def test_a_key_that_the_product_has_changed_is_asked_for_again(
    town: Town, checking: Instance, shop: Product
) -> None:
    await told(checking, shop.sign(claims()))
    shop.key = new_key("2027")
    await town.clock.advance(31)

    assert await told(checking, shop.sign(claims())) != [None]


def by_secret(payload: str, secret: bytes) -> str:
    """Return a token whose signature is made with a secret."""
    head = encoded(json.dumps({"alg": "HS256", "kid": "2026"}).encode())
    signed = f"{head}.{payload}"
    return f"{signed}.{encoded(hmac.digest(secret, signed.encode(), 'sha256'))}"


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def forgeries(shop: Product) -> dict[str, str]:
    """Return tokens that are not the product's, or not for us."""
    stranger = new_key("2026")
    genuine = shop.sign(claims())
    head, payload, signature = genuine.split(".")
    return {
        "another key": shop.sign(claims(), key=stranger),
        "the public key as a secret": by_secret(payload, shop.key.as_pem(private=False)),
        "no signature": f"eyJhbGciOiJub25lIn0.{payload}.",
        "another payload": f"{head}.{payload[:-2]}AA.{signature}",
        "another issuer": shop.sign(claims(iss="https://other.example")),
        "another audience": shop.sign(claims(aud="shop")),
        "no audience": shop.sign({k: v for k, v in claims().items() if k != "aud"}),
        "no end": shop.sign({k: v for k, v in claims().items() if k != "exp"}),
        "over": shop.sign(claims(exp=NOW)),
        "not yet": shop.sign(claims(nbf=NOW + 600)),
        "nobody": shop.sign({k: v for k, v in claims().items() if k != "sub"}),
        "a key of its own": shop.sign(
            claims(), key=stranger, jwk=stranger.as_dict(private=False), jku=f"{shop.url}/evil"
        ),
        "an unknown key": shop.sign(claims(), key=stranger, kid="../../2026"),
        "too long": shop.sign(claims(x="x" * 4_096))[:4_096],
    }


async def test_no_forgery_lets_anybody_in(checking: Instance, shop: Product) -> None:
    forged = forgeries(shop)

    found = await told(checking, *forged.values())

    assert dict(zip(forged, found, strict=True)) == dict.fromkeys(forged)
    assert await checking.database.fetchval("SELECT count(*) FROM account") == 0
    # Its keys, and once more for a key that nobody knows: nothing in a token is an address.
    assert shop.asked <= 2


async def test_where_no_product_is_trusted_its_tokens_are_refused(auth: Instance) -> None:
    dora = await auth.bearing(EMBEDDED)

    assert (await dora.get("/v1/me")).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"introspection_issuer": ISSUER},
        {"introspection_url": "https://product.example/introspect"},
        {"introspection_issuer": ISSUER, "introspection_jwks_url": "https://product.example/jwks"},
        {"introspection_issuer": ISSUER, "introspection_url": "http://product.example/introspect"},
        {"introspection_issuer": ISSUER, "introspection_url": "file:///etc/passwd"},
    ],
)
def test_half_a_product_is_not_configured(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"INTROSPECTION|https://"):
        IdentitySettings.model_validate(wrong)
