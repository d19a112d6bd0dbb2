"""A real SMTP server in the test's own loop: it keeps what it is given, and does as it is told."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any, Final

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

WAIT_S: Final = 20.0
LOOK_S: Final = 0.05
TAKEN: Final = "250 taken"
TOKEN: Final = re.compile(r"#token=([\w-]+)")

Credentials = tuple[str, str]


class MailServer:
    """`answer` is asked what to say to each letter; a code of 250 takes it. One that `is_mute`
    keeps its answer to itself. Who waits for a letter lets `on_wait` make time pass.
    """

    def __init__(self, port: int) -> None:
        self.url = f"smtp://127.0.0.1:{port}"
        self.port = port
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.logins: list[Credentials] = []
        self.over_tls: list[bool] = []
        self.refused: dict[str, str] = {}
        self.offered = 0
        self.answer: Callable[[int], str] = lambda _: TAKEN
        self.is_mute = False
        self.on_wait: Callable[[], Awaitable[None]] = _nothing
        self._news = asyncio.Event()

    async def taken(self, count: int) -> list[EmailMessage]:
        """Wait until so many letters were taken in all, and return them."""
        await self._until(lambda: len(self.letters) >= count)
        return self.letters

    async def tried(self, count: int) -> None:
        """Wait until a letter was offered so many times in all."""
        await self._until(lambda: self.offered >= count)

    async def letter(self, to: str, subject: str) -> EmailMessage:
        """Wait for the newest letter to this address with this subject."""

        def found() -> list[EmailMessage]:
            pairs = zip(self.recipients, self.letters, strict=True)
            return [one for who, one in pairs if who == to and one["Subject"] == subject]

        await self._until(lambda: bool(found()))
        return found()[-1]

    async def token(self, to: str, subject: str) -> str:
        """Wait for a letter and return the token of its link."""
        return token_in(await self.letter(to, subject))

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if address in self.refused:
            self._tried()
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self.answer(self.offered)
        if answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            parsed = BytesParser(policy=policy.default).parsebytes(content)
            assert isinstance(parsed, EmailMessage)
            self.letters.append(parsed)
            self.recipients += envelope.rcpt_tos
            self.over_tls.append(session.ssl is not None)
        self._tried()
        if self.is_mute:
            await asyncio.Event().wait()
        return answer

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, shown: Any
    ) -> AuthResult:
        """Note with what somebody logs in, and let everybody in but `wrong`."""
        assert isinstance(shown, LoginPassword)
        self.logins.append((shown.login.decode(), shown.password.decode()))
        return AuthResult(success=shown.password != b"wrong", handled=False)

    def _tried(self) -> None:
        self.offered += 1
        self._news.set()

    async def _until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(WAIT_S):
            while not is_so():
                self._news.clear()
                try:
                    await asyncio.wait_for(self._news.wait(), LOOK_S)
                except TimeoutError:
                    await self.on_wait()


async def _nothing() -> None:
    """Time passes by itself."""


def token_in(letter: EmailMessage) -> str:
    """Return the token of the link in a letter."""
    found = TOKEN.search(text_of(letter))
    assert found is not None
    return found[1]


def text_of(letter: EmailMessage) -> str:
    """Return the plain text of a letter."""
    body = letter.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert isinstance(text, str)
    return text


@asynccontextmanager
async def mail_server(
    *,
    tls: ssl.SSLContext | None = None,
    is_secure: bool = False,
    must_turn_secure: bool = True,
) -> AsyncIterator[MailServer]:
    """Run a server; it offers STARTTLS with `tls`, or speaks TLS only if it `is_secure`.

    Unless it `must_turn_secure`, it asks for passwords without TLS too.
    """
    loop = asyncio.get_running_loop()
    made: list[MailServer] = []

    def conversation() -> SMTP:
        return SMTP(
            made[0],
            hostname="mail.test",
            enable_SMTPUTF8=True,
            tls_context=None if is_secure else tls,
            authenticator=made[0].authenticate,
            auth_require_tls=not is_secure and must_turn_secure,
            loop=loop,
        )

    listener = await loop.create_server(
        conversation, "127.0.0.1", 0, ssl=tls if is_secure else None
    )
    made.append(MailServer(listener.sockets[0].getsockname()[1]))
    async with listener:
        yield made[0]
