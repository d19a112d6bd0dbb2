"""What is asked of whatever takes letters away."""

from email.message import EmailMessage
from typing import Protocol


class NotSent(Exception):
    """A letter was not taken, or it is not known whether it was; it may be tried again.

    `reason` names no person and no secret.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Undeliverable(NotSent):
    """A letter will never be taken."""


class Carrier(Protocol):
    """Takes letters away."""

    async def carry(self, message: EmailMessage) -> None:
        """Take a letter.  Raises: NotSent, Undeliverable."""
        ...

    async def rest(self) -> None:
        """Let go of what was held from one letter to the next."""
        ...
