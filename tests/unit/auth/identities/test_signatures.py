"""Signatures of webhooks, made by the public package of the specification."""

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook

from services.auth.core.identities.refusals import InvalidWebhook
from services.auth.core.identities.signatures import (
    Signed,
    check_keycloak,
    check_standard,
    seen_by,
)

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
NOW = 1_700_000_000
BODY = '{"type": "user.created", "data": {"name": "Zoë"}}'


def headers(
    *secrets: str, at: int = NOW, name: str = "webhook", body: str = BODY
) -> dict[str, str]:
    """Return what a sender puts beside the body."""
    moment = datetime.fromtimestamp(at, UTC)
    signatures = [Webhook(secret).sign("msg_1", moment, body) for secret in secrets or (SECRET,)]
    return {
        f"{name}-id": "msg_1",
        f"{name}-timestamp": str(at),
        f"{name}-signature": " ".join(signatures),
    }


def check(given: dict[str, str], *secrets: str, body: str = BODY) -> Signed:
    return check_standard(
        given, body.encode(), secrets=secrets or (SECRET,), now=NOW, tolerance_s=300
    )


@pytest.mark.parametrize("name", ["webhook", "svix"])
def test_a_signed_webhook_is_known_by_its_id(name: str) -> None:
    assert check(headers(name=name)) == Signed("msg_1", NOW)


def test_either_secret_is_good_while_one_takes_the_others_place() -> None:
    assert check(headers(OTHER), SECRET, OTHER).id == "msg_1"
    assert check(headers(SECRET, OTHER), OTHER).id == "msg_1"


def test_the_body_is_taken_as_it_came() -> None:
    written_again = json.dumps(json.loads(BODY))

    with pytest.raises(InvalidWebhook):
        check(headers(), body=written_again)


@pytest.mark.parametrize("at", [NOW - 300, NOW + 300])
def test_five_minutes_are_allowed(at: int) -> None:
    assert check(headers(at=at)).sent_at == at


@pytest.mark.parametrize("at", [NOW - 301, NOW + 301])
def test_no_more_than_five_minutes_are_allowed(at: int) -> None:
    with pytest.raises(InvalidWebhook):
        check(headers(at=at))


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-id": "msg_2"},
        {"webhook-id": ""},
        {"webhook-timestamp": str(NOW + 1)},
        {"webhook-timestamp": "now"},
        {"webhook-timestamp": "٣"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,!!!"},
        {"webhook-signature": "v1a," + "A" * 44},
    ],
)
def test_whatever_is_changed_breaks_the_signature(changed: dict[str, str]) -> None:
    with pytest.raises(InvalidWebhook):
        check(headers() | changed)


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_each_header_is_needed(missing: str) -> None:
    given = headers()
    del given[missing]

    with pytest.raises(InvalidWebhook):
        check(given)


def test_another_secret_signs_nothing_here() -> None:
    with pytest.raises(InvalidWebhook):
        check(headers(OTHER))


def test_an_asymmetric_signature_is_no_symmetric_one() -> None:
    given = headers()
    given["webhook-signature"] = given["webhook-signature"].replace("v1,", "v1a,")

    with pytest.raises(InvalidWebhook):
        check(given)


def test_the_right_one_is_found_among_several() -> None:
    given = headers()
    given["webhook-signature"] = f"v1,AAAA v2,BBBB {given['webhook-signature']}"

    assert check(given).id == "msg_1"


def test_names_of_both_kinds_are_not_mixed() -> None:
    given = headers() | headers(OTHER, name="svix")
    given["svix-signature"] = given.pop("webhook-signature")

    with pytest.raises(InvalidWebhook):
        check(given | {"svix-id": "msg_2"})


KEYCLOAK_BODY = json.dumps({"uid": "e-1", "time": NOW * 1_000, "type": "access.REGISTER"}).encode()


def keycloak(body: bytes, *, signed: bytes | None = None) -> Signed:
    signature = hmac.new(b"a shared secret", signed or body, hashlib.sha256).hexdigest()
    return check_keycloak(
        {"x-keycloak-signature": signature},
        body,
        secrets=("another secret!!", "a shared secret"),
        now=NOW,
        tolerance_s=300,
    )


def test_keycloaks_extension_signs_its_id_and_time_with_the_body() -> None:
    assert keycloak(KEYCLOAK_BODY) == Signed("e-1", NOW)


@pytest.mark.parametrize(
    "body",
    [KEYCLOAK_BODY.replace(b"REGISTER", b"LOGIN"), KEYCLOAK_BODY.replace(b"e-1", b"e-2"), b"{}"],
)
def test_another_body_than_keycloak_signed_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidWebhook):
        keycloak(body, signed=KEYCLOAK_BODY)


@pytest.mark.parametrize("change_s", [-301, 301])
def test_keycloaks_time_is_held_to_the_same_five_minutes(change_s: int) -> None:
    body = json.dumps({"uid": "e-1", "time": (NOW + change_s) * 1_000}).encode()

    with pytest.raises(InvalidWebhook):
        keycloak(body)


@pytest.mark.parametrize("signature", ["", "zz", "00"])
def test_what_is_no_signature_of_keycloaks_is_refused(signature: str) -> None:
    with pytest.raises(InvalidWebhook):
        check_keycloak(
            {"x-keycloak-signature": signature},
            KEYCLOAK_BODY,
            secrets=("a shared secret",),
            now=NOW,
            tolerance_s=300,
        )


def test_ids_belong_to_their_source() -> None:
    assert seen_by("clerk", "msg_1") != seen_by("keycloak", "msg_1")
