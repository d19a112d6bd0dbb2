"""What an operator may turn about e-mail."""

import pytest

from libs.common.settings import SettingsInvalid, load
from services.auth.settings.mail import PREFIX, MailSettings

NEEDED = {"MAIL_URL": "smtps://chat:secret@mail.example.org", "MAIL_SENDER": "chat@example.org"}


def faults(**environ: str) -> str:
    with pytest.raises(SettingsInvalid) as refusal:
        load(MailSettings, PREFIX, environ=NEEDED | environ)
    return str(refusal.value)


def test_without_a_mail_server_nothing_is_needed() -> None:
    assert not load(MailSettings, PREFIX, environ={}).is_on


@pytest.mark.parametrize(
    "url",
    [
        "smtp://localhost",
        "smtp://mail.example.org:2525",
        "smtps://chat%40example.org:p%40ss%2F@mail.example.org:465",
        "smtp://[::1]:25",
    ],
)
def test_a_mail_server_is_a_url(url: str) -> None:
    assert load(MailSettings, PREFIX, environ=NEEDED | {"MAIL_URL": url}).is_on


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org:25",
        "https://mail.example.org",
        "smtp://",
        "smtp://mail.example.org:99999",
        "smtp://mail.example.org:port",
        "smtp://canary@mail.example.org",
        "smtp://chat:canary@mail.example.org/inbox",
        "smtp://chat:canary#1@mail.example.org",
        "smtp://chat:canary?1@mail.example.org",
        "smtp://[::1:canary",
    ],
)
def test_what_is_none_is_refused_and_not_repeated(url: str) -> None:
    told = faults(MAIL_URL=url)

    assert "MAIL_URL" in told
    assert "canary" not in told


@pytest.mark.parametrize("sender", ["Hubbub <chat@example.org>", "chat@example.org"])
def test_a_sender_is_an_address_with_a_name_or_without(sender: str) -> None:
    settings = load(MailSettings, PREFIX, environ=NEEDED | {"MAIL_SENDER": sender})

    assert settings.sender == sender


@pytest.mark.parametrize("sender", ["Hubbub", "@example.org", "a b@example.org", "<chat@>"])
def test_what_is_no_address_is_refused(sender: str) -> None:
    assert "MAIL_SENDER" in faults(MAIL_SENDER=sender)


def test_a_mail_server_needs_a_sender() -> None:
    with pytest.raises(SettingsInvalid, match="MAIL_SENDER"):
        load(MailSettings, PREFIX, environ={"MAIL_URL": "smtp://localhost"})


def test_a_link_for_a_new_password_is_never_good_for_more_than_half_an_hour() -> None:
    assert "MAIL_RESET_LIFE_S" in faults(MAIL_RESET_LIFE_S="1801")
