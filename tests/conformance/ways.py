"""The two ways to be connected, as one: what a clause says and hears over either of them."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from hubbub_client.frames import Frame, Json
from tests.conformance.people import Person


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one command: `code` is empty unless it was refused."""

    data: Json = field(default_factory=dict)
    code: str = ""


@dataclass(frozen=True, slots=True)
class Recovery:
    """How it went to go on from a place; `reason` is empty when nothing is missing."""

    is_recovered: bool
    reason: str = ""


class Device(Protocol):
    """Somebody who is connected. All waits are bounded, and raise `Broken` when they are over."""

    @property
    def frames(self) -> list[Frame]:
        """Everything that came, in order."""
        ...

    async def listen(self, room_id: str) -> None:
        """Hear a room from now on."""
        ...

    async def resume(self, *cursors: Json) -> list[Recovery]:
        """Go on in rooms from places in their logs; return when what was missed has come."""
        ...

    async def command(self, type_: str, /, **data: Any) -> Answer:
        """Order what a frame of this type orders, and return the answer."""
        ...

    async def reach(self, room_id: str, seq: int) -> None:
        """Return once the durable event of this seq has come."""
        ...

    async def hear(self, type_: str, *, within_s: float | None = None) -> Frame:
        """Return the first frame of this type that was not handed out yet."""
        ...

    async def settle(self) -> None:
        """Return once everything has come that was on its way when it was asked."""
        ...

    async def ended(self, *, within_s: float) -> str:
        """Wait until the server ends it and return as what: `expired`, `revoked` or other words."""
        ...

    def events(self, room_id: str) -> list[Frame]:
        """Return the durable events of a room in the order in which they came."""
        ...


class Way(Protocol):
    """A way to be connected."""

    def device(
        self, person: Person, *, at: str | None = None
    ) -> AbstractAsyncContextManager[Device]:
        """Connect somebody, to another gateway than the first if `at` says so."""
        ...
