"""What an operator may turn about e-mail. Variables are named `MAIL_` and the field in capitals."""

from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from libs.common.settings import Settings

PREFIX = "MAIL_"

DAY_S = 86_400

MAX_RESET_LIFE_S = 1_800
"""A link that lets somebody into an account without its password is not good for longer."""


class MailSettings(Settings):
    url: SecretStr | None = None
    """The mail server: `smtps://user:password@host` for TLS from the first byte (port 465), or
    `smtp://...` (port 587), which turns to TLS if the server offers it, and must before it hears a
    password. Without a server, letters are shown on the terminal and to owners.
    """

    sender: str = ""
    """Whom letters are from, like `Hubbub <chat@example.org>`; needed with a mail server."""

    timeout_s: float = Field(default=30.0, gt=0, le=300)
    """How long the mail server may take for a letter, the way to it included."""

    poll_s: float = Field(default=1.0, gt=0)
    """How long a letter may wait before somebody looks for it."""

    first_retry_s: float = Field(default=5.0, gt=0)
    """How long a letter rests after it could not be sent; each further time doubles it."""

    max_retry_s: float = Field(default=900.0, gt=0)
    """How long a letter rests at most."""

    give_up_s: int = Field(default=DAY_S, ge=60)
    """How old a letter becomes that cannot be sent; then it is deleted."""

    keep_s: int = Field(default=7 * DAY_S, ge=60)
    """How long owners see a letter that was not sent because there is no mail server."""

    verify_life_s: int = Field(default=DAY_S, ge=600, le=30 * DAY_S)
    """How long a link that proves an address is good."""

    reset_life_s: int = Field(default=MAX_RESET_LIFE_S, ge=300, le=MAX_RESET_LIFE_S)
    """How long a link that sets a new password is good."""

    asked_per_minute: int = Field(default=5, ge=1)
    """Letters that one network address may ask for, in the long run, to whomever."""

    asked_burst: int = Field(default=30, ge=1)
    """Letters that one network address may ask for at once."""

    to_one_per_hour: int = Field(default=6, ge=1)
    """Letters that strangers may have sent to one e-mail address, in the long run; more are left
    out without a word.
    """

    to_one_burst: int = Field(default=4, ge=1)
    """Letters that strangers may have sent to one e-mail address at once."""

    @field_validator("url")
    @classmethod
    def _is_a_mail_server(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None:
            parts = urlsplit(url.get_secret_value())
            if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or not _has_port(url):
                raise ValueError("must be smtp://host or smtps://user:password@host:port")
            if parts.path.strip("/") or parts.query or parts.fragment:
                raise ValueError("ends with the port; write # ? / @ : in a password as %23 %3F ...")
            if (parts.username is None) != (parts.password is None):
                raise ValueError("names a user and a password, or neither")
        return url

    @field_validator("sender")
    @classmethod
    def _is_one_address(cls, sender: str) -> str:
        if sender:
            name, address = parseaddr(sender)
            try:
                Address(name, addr_spec=address)
            except (MessageError, ValueError, IndexError):
                address = ""
            if "@" not in address:
                raise ValueError("must be an address, or Name <address>")
        return sender

    @model_validator(mode="after")
    def _has_a_sender(self) -> Self:
        if self.is_on and not self.sender:
            raise ValueError(f"{PREFIX}URL needs {PREFIX}SENDER")
        return self

    @property
    def is_on(self) -> bool:
        """Tell whether there is a mail server."""
        return self.url is not None


def _has_port(url: SecretStr) -> bool:
    """Tell whether the port is left out or is one."""
    try:
        return urlsplit(url.get_secret_value()).port != 0
    except ValueError:
        return False
