"""Hands letters to a mail server.

    reached, over TLS, logged in -> letter -> letter -> ... -> nothing left: closed

What the server says of a letter decides whether it is tried again: a refusal of its recipient or
its text is for good; everything else, a wrong password of ours too, may be mended.

See: RFC 5321 section 4.2 (replies), RFC 6409 (submission), RFC 8314 (TLS).
"""

import asyncio
import ssl
from email.message import EmailMessage
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from services.auth.api.mail.carrying import NotSent, Undeliverable

SECURE_PORT: Final = 465
SUBMISSION_PORT: Final = 587

FOR_GOOD: Final = 500
"""Replies from here on are not meant to change."""

GOODBYE_S: Final = 2.0
"""How long the server may take to say goodbye: nothing depends on it."""


class SmtpCarrier:
    """Holds one connection to the mail server while there are letters."""

    def __init__(
        self, url: str, *, greets_as: str, timeout_s: float, tls: ssl.SSLContext | None
    ) -> None:
        """`greets_as` is our name for the server; `tls=None` trusts whom the machine trusts."""
        self._url = urlsplit(url)
        self._greets_as = greets_as
        self._timeout_s = timeout_s
        self._tls = tls
        self._connection: SMTP | None = None

    async def carry(self, message: EmailMessage) -> None:
        """Have the server take a letter.  Raises: Undeliverable, NotSent."""
        try:
            async with asyncio.timeout(self._timeout_s):
                connection = await self._reached()
                await _hand_over(message, connection)
        except (SMTPException, OSError) as error:
            # Where a conversation stands that went wrong is not worth a guess.
            self._hang_up()
            raise NotSent(_reason(error)) from None
        except BaseException:
            self._hang_up()
            raise

    async def rest(self) -> None:
        """Say goodbye, if there is a connection."""
        if self._connection is None:
            return
        try:
            async with asyncio.timeout(GOODBYE_S):
                await self._connection.quit()
        except (SMTPException, OSError):
            pass
        finally:
            self._hang_up()

    async def _reached(self) -> SMTP:
        if self._connection is None or not self._connection.is_connected:
            self._connection = self._new_connection()
            await self._connection.connect()
        return self._connection

    def _new_connection(self) -> SMTP:
        url = self._url
        is_secure = url.scheme == "smtps"
        return SMTP(
            hostname=url.hostname,
            port=url.port or (SECURE_PORT if is_secure else SUBMISSION_PORT),
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            use_tls=is_secure,
            start_tls=None if is_secure else _must_turn_secure(url),
            tls_context=self._tls,
            local_hostname=self._greets_as,
            timeout=self._timeout_s,
        )

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


async def _hand_over(message: EmailMessage, connection: SMTP) -> None:
    """Send a letter over a connection.  Raises: Undeliverable, and what aiosmtplib raises."""
    try:
        await connection.send_message(message)
    except SMTPRecipientsRefused as refusal:
        if all(one.code >= FOR_GOOD for one in refusal.recipients):
            raise Undeliverable(_reason(refusal)) from None
        raise
    except SMTPDataError as refusal:
        if refusal.code >= FOR_GOOD:
            raise Undeliverable(_reason(refusal)) from None
        raise
    except (SMTPNotSupported, ValueError) as refusal:
        # An address that this server, or the protocol, has no way to write.
        raise Undeliverable(_reason(refusal)) from None


def _reason(error: Exception) -> str:
    """Return what went wrong, without the server's words: they repeat addresses and names."""
    match error:
        case SMTPResponseException(code=code):
            return f"{type(error).__name__} {code}"
        case SMTPRecipientsRefused(recipients=[first, *_]):
            return f"{type(error).__name__} {first.code}"
        case _:
            return type(error).__name__


def _must_turn_secure(url: SplitResult) -> bool | None:
    """Return True where a password is to be shown to another machine; None: if it offers to."""
    if url.username is None:
        return None
    host = url.hostname or ""
    try:
        is_near = ip_address(host).is_loopback
    except ValueError:
        is_near = host == "localhost"
    return None if is_near else True
