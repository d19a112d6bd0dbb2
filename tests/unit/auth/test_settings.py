"""What an operator may turn, and what the service refuses to start with."""

import pytest

from libs.common.settings import SettingsInvalid, load
from services.auth.settings.general import PREFIX, AuthSettings

NEEDED = {"AUTH_SECRET": "s" * 32, "AUTH_PUBLIC_URL": "https://chat.example.org"}


def faults(**environ: str) -> tuple[str, ...]:
    with pytest.raises(SettingsInvalid) as refusal:
        load(AuthSettings, PREFIX, environ=NEEDED | environ)
    return refusal.value.faults


def test_a_secret_and_an_address_are_enough() -> None:
    settings = load(AuthSettings, PREFIX, environ=NEEDED)

    assert settings.is_tls
    assert settings.access_life_s == 900
    assert settings.session_idle_s == 7 * 86_400
    assert settings.session_max_s == 30 * 86_400


def test_a_short_secret_is_refused_and_not_repeated() -> None:
    (fault,) = faults(AUTH_SECRET="hunter2")

    assert "AUTH_SECRET" in fault
    assert "hunter2" not in fault


@pytest.mark.parametrize("life_s", ["59", "901", "0"])
def test_no_access_token_lives_longer_than_a_quarter_of_an_hour(life_s: str) -> None:
    assert "AUTH_ACCESS_LIFE_S" in faults(AUTH_ACCESS_LIFE_S=life_s)[0]


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000"])
def test_this_machine_is_reached_without_tls(url: str) -> None:
    settings = load(AuthSettings, PREFIX, environ=NEEDED | {"AUTH_PUBLIC_URL": url})

    assert not settings.is_tls


def test_another_machine_is_reached_without_tls_only_if_that_is_said() -> None:
    plain = {"AUTH_PUBLIC_URL": "http://chat.lan"}

    assert "AUTH_ALLOW_PLAIN_HTTP" in faults(**plain)[0]
    allowed = load(AuthSettings, PREFIX, environ=NEEDED | plain | {"AUTH_ALLOW_PLAIN_HTTP": "true"})
    assert not allowed.is_tls


@pytest.mark.parametrize(
    "url",
    ["chat.example.org", "ftp://chat.example.org", "https://", "https://chat.example.org/path"],
)
def test_a_public_address_is_an_origin(url: str) -> None:
    assert "AUTH_PUBLIC_URL" in faults(AUTH_PUBLIC_URL=url)[0]


def test_a_slash_behind_the_address_does_not_count() -> None:
    environ = NEEDED | {"AUTH_PUBLIC_URL": "https://chat.example.org/"}

    assert load(AuthSettings, PREFIX, environ=environ).public_url == "https://chat.example.org"


@pytest.mark.parametrize("name", ["AUTH_HASH_MEMORY_KIB", "AUTH_HASH_PASSES"])
def test_hashes_cannot_be_made_cheap(name: str) -> None:
    assert name in faults(**{name: "1"})[0]


def test_a_key_is_published_well_before_it_signs() -> None:
    assert "AUTH_KEY_LEAD_S" in faults(AUTH_KEY_LEAD_S="60", AUTH_KEY_CHECK_S="60")[0]
