"""What those who work for a connection may ask of it."""

from collections.abc import Coroutine, Sequence
from typing import Protocol

from libs.common.contracts.ids import RoomId
from libs.common.contracts.people import Person
from services.gateway.core.effects import Effect
from services.gateway.core.refusals import CloseCode
from services.gateway.core.session import Session
from services.gateway.frames.heard import Spoken
from services.gateway.hub.room import Listener


class Client(Listener, Protocol):
    """A connection, as its servants see it."""

    @property
    def session(self) -> Session: ...

    @property
    def person(self) -> Person: ...

    @property
    def address(self) -> str:
        """Return where the client is, as far as that is known."""
        ...

    def do(self, effects: Sequence[Effect]) -> None:
        """Do what the session wants done."""
        ...

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        """Run something that ends with the connection."""
        ...

    def ping(self) -> None: ...

    def part(self, code: CloseCode, reason: str) -> None:
        """Close the socket behind what was said."""
        ...

    def forget_room(self, room_id: RoomId) -> None:
        """Drop what waits of a room's states."""
        ...

    def tell(self, frame: Spoken) -> None:
        """Send a frame, stamped with the time."""
        ...

    def put(self, payload: bytes) -> None:
        """Send a frame that is JSON already."""
        ...

    def read_on(self) -> None:
        """Read the next command, as one was answered."""
        ...

    @property
    def is_loaded(self) -> bool:
        """Tell whether so much waits for the client that a replay should."""
        ...

    async def paced(self) -> None:
        """Wait until the client has taken what was sent.

        Cancelled when the connection ends, which it does when the client takes nothing for long.
        """
        ...
