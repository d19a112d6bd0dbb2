"""What an operator may write of providers and sources."""

import json
from pathlib import Path
from typing import Any

import pytest

from libs.common.settings import SettingsInvalid, load
from services.auth.settings.identity import PREFIX, IdentitySettings

ACME = {
    "name": "acme",
    "title": "Acme",
    "issuer": "https://id.example.org/realms/acme",
    "client_id": "hubbub",
    "client_secret": "kept-to-ourselves",
}
CLERK = {
    "name": "clerk",
    "issuer": "https://clerk.example.org",
    "shape": "clerk",
    "secrets": ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
}


def loaded(**environ: str) -> IdentitySettings:
    return load(IdentitySettings, PREFIX, environ=environ)


def fault(**environ: str) -> str:
    with pytest.raises(SettingsInvalid) as refusal:
        loaded(**environ)
    (found,) = refusal.value.faults
    return found


def acme(**changed: Any) -> str:
    return json.dumps([ACME | changed])


def test_without_a_word_there_is_no_provider() -> None:
    settings = loaded()

    assert settings.listed_providers() == ()
    assert settings.listed_sources() == ()


def test_a_provider_is_trusted_with_nothing_that_was_not_said() -> None:
    (provider,) = loaded(IDENTITY_PROVIDERS=acme()).listed_providers()

    assert provider.scopes == ("openid", "email", "profile")
    assert not provider.makes_accounts
    assert not provider.trusts_email
    assert not provider.links_by_email
    assert not provider.trusts_second_factor


def test_secrets_are_not_shown() -> None:
    settings = loaded(IDENTITY_PROVIDERS=acme(), IDENTITY_WEBHOOKS=json.dumps([CLERK]))

    shown = f"{settings!r} {settings.listed_providers()} {settings.listed_sources()}"

    assert "kept-to-ourselves" not in shown
    assert "whsec_" not in shown


def test_secrets_may_come_from_files(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("kept-in-one-file\n")
    other.write_text("kept-in-another-file\n")
    provider = {name: value for name, value in ACME.items() if name != "client_secret"}
    source = {name: value for name, value in CLERK.items() if name != "secrets"}

    settings = loaded(
        IDENTITY_PROVIDERS=json.dumps([provider | {"client_secret_file": str(one)}]),
        IDENTITY_WEBHOOKS=json.dumps([source | {"secrets_file": [str(one), str(other)]}]),
    )

    secret = settings.listed_providers()[0].client_secret
    assert secret is not None
    assert secret.get_secret_value() == "kept-in-one-file"
    secrets = [one.get_secret_value() for one in settings.listed_sources()[0].secrets]
    assert secrets == ["kept-in-one-file", "kept-in-another-file"]


def test_the_whole_list_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "providers.json").write_text(acme())

    settings = loaded(IDENTITY_PROVIDERS_FILE=str(tmp_path / "providers.json"))

    assert [provider.name for provider in settings.listed_providers()] == ["acme"]


@pytest.mark.parametrize(
    "text",
    [
        "acme",
        "{}",
        "[{}]",
        acme(issuer="http://id.example.org"),
        acme(issuer="https://user@id.example.org"),
        acme(issuer="https://id.example.org/?realm=acme"),
        acme(issuer="ftp://id.example.org"),
        acme(name="Acme Corp"),
        acme(name="../acme"),
        acme(scopes=["email"]),
        acme(trust_email=True),
        acme(client_secret_file="/nonexistent"),
        json.dumps([ACME, ACME]),
    ],
)
def test_a_wrong_provider_stops_the_start_and_repeats_no_secret(text: str) -> None:
    found = fault(IDENTITY_PROVIDERS=text)

    assert found.startswith("IDENTITY_PROVIDERS")
    assert "kept-to-ourselves" not in found


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:9000", "http://localhost:8080/realms/acme"])
def test_a_provider_on_this_machine_needs_no_tls(issuer: str) -> None:
    (provider,) = loaded(IDENTITY_PROVIDERS=acme(issuer=issuer)).listed_providers()

    assert provider.issuer == issuer


@pytest.mark.parametrize(
    "changed",
    [{"secrets": []}, {"secrets": ["short"]}, {"shape": "okta"}, {"secrets": ["s" * 32] * 5}],
)
def test_a_wrong_source_stops_the_start(changed: dict[str, Any]) -> None:
    assert "IDENTITY_WEBHOOKS" in fault(IDENTITY_WEBHOOKS=json.dumps([CLERK | changed]))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IDENTITY_WEBHOOK_TOLERANCE_S", "301"),
        ("IDENTITY_LOGIN_LIFE_S", "601"),
        ("IDENTITY_FETCH_TIMEOUT_S", "10"),
    ],
)
def test_no_bound_can_be_widened_beyond_reason(name: str, value: str) -> None:
    assert name in fault(**{name: value})
