"""What Clerk, Keycloak and others write, as they write it, and what we read from it."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from pydantic import ValidationError

from services.auth.core.identities.shapes import clerk, keycloak, own
from services.auth.model.identities import Identity, News, NewsKind, Shown

SAMPLES: Final = Path(__file__).parent / "samples"

ISSUER = "https://id.example.org"
AT_CLERK = Identity(ISSUER, "user_29w83sxmDNGwOuEthce5gg56FcC")
AT_KEYCLOAK = Identity(ISSUER, "f7cd3491-7c6c-480c-bc5c-b2b3b0fb048c")
ELSEWHERE = Identity(ISSUER, "248289761001")
SENT_AT = 1_661_861_641.0

EXPECTED: Final = {
    "clerk.created": News(
        NewsKind.CREATED,
        Shown(AT_CLERK, "alice@example.org", True, "Alice Archer"),
        1_654_012_591.835,
    ),
    "clerk.deleted": News(NewsKind.DELETED, Shown(AT_CLERK, None, False, None), SENT_AT),
    "clerk.other": None,
    "keycloak.registered": News(
        NewsKind.CREATED,
        Shown(AT_KEYCLOAK, "alice@example.org", False, "Alice Archer"),
        1_588_363_619.462,
    ),
    "keycloak.verified": News(
        NewsKind.UPDATED,
        Shown(AT_KEYCLOAK, "alice@example.org", True, None),
        1_588_363_650.0,
    ),
    "keycloak.updated": News(
        NewsKind.UPDATED,
        Shown(AT_KEYCLOAK, "baker@example.org", True, "Alice Baker"),
        1_588_363_700.0,
    ),
    "keycloak.roles": None,
    "keycloak.deleted": News(
        NewsKind.DELETED, Shown(AT_KEYCLOAK, None, False, None), 1_588_363_800.0
    ),
    "hubbub.updated": News(
        NewsKind.UPDATED,
        Shown(ELSEWHERE, "alice@example.org", True, "Alice Archer"),
        1_769_860_800.5,
    ),
    "hubbub.deleted": News(NewsKind.DELETED, Shown(ELSEWHERE, None, False, None), 1_769_860_800.0),
}

READERS: Final[dict[str, Callable[..., News | None]]] = {
    "clerk": clerk.read,
    "hubbub": own.read,
    "keycloak": keycloak.read,
}


def read(shape: str, body: bytes) -> News | None:
    return READERS[shape](body, issuer=ISSUER, sent_at=SENT_AT)


def test_every_sample_is_expected() -> None:
    assert {path.stem for path in SAMPLES.glob("*.json")} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_is_read(name: str) -> None:
    body = (SAMPLES / f"{name}.json").read_bytes()

    assert read(name.partition(".")[0], body) == EXPECTED[name]


@pytest.mark.parametrize("shape", READERS)
@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"type": 7}', b'{"type": "user'])
def test_what_is_no_event_is_refused(shape: str, body: bytes) -> None:
    with pytest.raises(ValidationError):
        read(shape, body)


@pytest.mark.parametrize(
    ("shape", "body"),
    [
        ("clerk", b'{"type": "user.created", "data": {}}'),
        ("clerk", b'{"type": "user.created", "data": {"id": ""}}'),
        ("hubbub", b'{"type": "user.created", "data": {"id": "1"}}'),
        ("hubbub", b'{"type": "user.created", "data": {"id": "1", "updated_at": "2026-01-31"}}'),
        ("keycloak", b'{"type": "admin.USER-UPDATE", "resourcePath": "users/1"}'),
        ("keycloak", b'{"type": "admin.USER-UPDATE", "time": 1, "representation": "{"}'),
    ],
)
def test_half_an_event_is_refused(shape: str, body: bytes) -> None:
    with pytest.raises(ValidationError):
        read(shape, body)


def test_half_a_name_is_no_name() -> None:
    body = (
        b'{"type": "access.UPDATE_PROFILE", "time": 1000, "authDetails": {"userId": "1"},'
        b' "details": {"updated_first_name": "Al", "previous_first_name": "Alice"}}'
    )

    news = read("keycloak", body)

    assert news is not None
    assert news.shown.name is None


def test_an_address_that_somebody_typed_is_not_verified() -> None:
    body = (
        b'{"type": "access.REGISTER", "time": 1000, "authDetails": {"userId": "1"},'
        b' "details": {"email": "bob@example.org", "emailVerified": "true"}}'
    )

    news = read("keycloak", body)

    assert news is not None
    assert not news.shown.is_verified
