"""Which addresses a provider may send us to."""

import json

import pytest

from services.auth.core.identities.metadata import document_of, may_be_asked, read_metadata
from services.auth.core.identities.refusals import IdentityInvalid

ISSUER = "https://id.example.org/realms/acme"

DOCUMENT = {
    "issuer": ISSUER,
    "authorization_endpoint": "https://id.example.org/auth",
    "token_endpoint": "https://id.example.org/token",
    "jwks_uri": "https://keys.example.net/jwks",
    "response_types_supported": ["code"],
}


def read(**changed: object) -> object:
    return read_metadata(json.dumps(DOCUMENT | changed).encode(), issuer=ISSUER)


@pytest.mark.parametrize("issuer", [ISSUER, ISSUER + "/"])
def test_a_provider_describes_itself_below_its_issuer(issuer: str) -> None:
    assert document_of(issuer) == f"{ISSUER}/.well-known/openid-configuration"


def test_a_document_is_read() -> None:
    metadata = read_metadata(json.dumps(DOCUMENT).encode(), issuer=ISSUER)

    assert metadata.token_endpoint == "https://id.example.org/token"
    assert metadata.userinfo_endpoint is None
    assert not metadata.authorization_response_iss_parameter_supported


@pytest.mark.parametrize("issuer", ["https://evil.example.org", ISSUER + "/", "", None])
def test_the_document_of_another_issuer_is_refused(issuer: object) -> None:
    with pytest.raises(IdentityInvalid):
        read(issuer=issuer)


@pytest.mark.parametrize("document", [b"", b"[]", b"<html>", b'{"issuer": "' + ISSUER.encode()])
def test_what_is_no_document_is_refused(document: bytes) -> None:
    with pytest.raises(IdentityInvalid):
        read_metadata(document, issuer=ISSUER)


@pytest.mark.parametrize(
    "name", ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"]
)
def test_no_endpoint_leads_behind_the_firewall(name: str) -> None:
    with pytest.raises(IdentityInvalid):
        read(**{name: "http://169.254.169.254/latest/meta-data"})


@pytest.mark.parametrize(
    "url",
    [
        "http://keys.example.net/jwks",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.01/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://10.0.0.7/",
        "https://192.0.2.7./",
        "https://localhost/",
        "https://localhost./",
        "https://postgres/",
        "https://db.internal/",
        "https://printer.local/",
        "https://keys.example.net:8443/",
        "https://keys.example.net:5432/",
        "https://keys.example.net:99999/",
        "https://id.example.org@keys.example.net/",
        "https://id.example.org\\@10.0.0.7/",
        "//keys.example.net/jwks",
        "ftp://keys.example.net/jwks",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "",
        "https://",
    ],
)
def test_other_places_are_asked_in_public_over_tls_only(url: str) -> None:
    assert not may_be_asked(url, issuer=ISSUER)


@pytest.mark.parametrize("url", ["https://www.googleapis.com/oauth2/v3/certs", ISSUER + "/token"])
def test_a_provider_may_live_on_several_public_hosts(url: str) -> None:
    assert may_be_asked(url, issuer=ISSUER)


def test_a_provider_on_our_own_network_may_name_its_own_origin_and_no_other() -> None:
    issuer = "https://10.0.0.7:8443/realms/acme"

    assert may_be_asked("https://10.0.0.7:8443/token", issuer=issuer)
    assert not may_be_asked("https://10.0.0.7:9200/token", issuer=issuer)
    assert not may_be_asked("http://10.0.0.7:8443/token", issuer=issuer)
