"""Makes messages of letters.

See: RFC 5322 (messages), RFC 3834 section 5 (letters that no machine should answer).
"""

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from services.auth.api.mail.rendering import Rendering
from services.auth.store.mail import WaitingLetter


class Composing:
    """Makes messages from one sender."""

    def __init__(self, rendering: Rendering, *, sender: str) -> None:
        name, address = parseaddr(sender)
        self._rendering = rendering
        self._sender = Address(name, addr_spec=address)

    def message(self, waiting: WaitingLetter) -> EmailMessage:
        """Return a letter as a message; the same one each time it is tried.

        One that was sent twice, as the answer of the server was lost, has the same id, by which
        mail servers and programs know it again.

        Raises: ValueError, when an address cannot stand in a header.
        """
        written = self._rendering.written(waiting.letter)
        message = EmailMessage(policy=SMTP)
        message["Subject"] = written.subject
        message["From"] = self._sender
        message["To"] = waiting.letter.to
        message["Date"] = format_datetime(datetime.fromtimestamp(waiting.posted_at, UTC))
        message["Message-ID"] = self._id_of(waiting)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(written.text)
        message.add_alternative(written.html, subtype="html")
        return message

    def _id_of(self, waiting: WaitingLetter) -> str:
        posted_at_us = round(waiting.posted_at * 1_000_000)
        return f"<{waiting.id}.{posted_at_us}@{self._sender.domain}>"
