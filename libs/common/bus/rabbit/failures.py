"""What may go wrong with a broker, sorted by what to do about it.

    Lost            the connection or the channel went away: connect again, try again
    BrokerUnusable  the broker is there and says no: somebody has to change something

The library raises from a dozen classes, among them RuntimeError, and a CancelledError that nobody
asked for when a channel goes away under a waiting task. `losses` makes one thing of all of them.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import unquote, urlsplit

from aio_pika.exceptions import (
    AuthenticationError,
    ChannelClosed,
    ChannelInvalidStateError,
    DeliveryError,
    InvalidFrameError,
    ProbableAuthenticationError,
)

from libs.common.starting import CannotStart

MENDS: Final = {
    "PRECONDITION_FAILED": (
        "It is there with other arguments: delete it once it is empty, or set BUS_QUEUE_TYPE as it "
        "was when it was made."
    ),
    "ACCESS_REFUSED": "Grant the user in BUS_URL this permission on the virtual host.",
}


class Lost(Exception):
    """The connection or the channel went away; the text says why."""


class BrokerUnusable(CannotStart):
    """The broker cannot be worked with. The text is one line: what is wrong and how to mend it."""


@contextmanager
def losses() -> Iterator[None]:
    """Raise `Lost` for all that the library raises, save the broker's answers to one message
    (`DeliveryError`) and to one operation (`ChannelClosed`).
    """
    try:
        yield
    except (DeliveryError, ChannelClosed, BrokerUnusable):
        raise
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise Lost("the channel went away") from error
    except ChannelInvalidStateError as error:
        raise Lost("the channel is closed") from error
    except Exception as error:
        raise Lost(str(error) or type(error).__name__) from error


def unusable(error: BaseException | None, url: str) -> BrokerUnusable | None:
    """Return what is wrong when a connection was refused for good; None: it may work later."""
    parts = urlsplit(url)
    where = f"The broker at {parts.netloc.rpartition('@')[2]}"
    user, vhost = unquote(parts.username or "guest"), unquote(parts.path[1:]) or "/"
    match error:
        case AuthenticationError() | ProbableAuthenticationError():
            return BrokerUnusable(
                f"{where} refuses the user {user!r}: correct the name and the password in BUS_URL."
            )
        # The library has no better word for a broker that says goodbye instead of opening.
        case InvalidFrameError() if "Connection.OpenOk" in str(error):
            return BrokerUnusable(
                f"{where} does not open the virtual host {vhost!r} to the user {user!r}: "
                "create it, grant permissions on it, or correct BUS_URL."
            )
    return None


@contextmanager
def operation(what: str) -> Iterator[None]:
    """Raise `BrokerUnusable` when the broker says no to `what` and will do so again; a no that may
    pass (a queue whose node is not back) stays the library's `ChannelClosed`.
    """
    try:
        yield
    except ChannelClosed as error:
        said = " ".join(str(part) for part in error.args)
        mend = MENDS.get(said.partition(" ")[0])
        if mend is None:
            raise
        raise BrokerUnusable(f"The broker refuses {what}: {said}. {mend}") from None
