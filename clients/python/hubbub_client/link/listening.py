"""Between a link and whoever uses it."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from hubbub_client.frames import Frame

GiveToken = Callable[[], Awaitable[str]]

Hear = Callable[[Frame], Awaitable[None]]


class Listener(Protocol):
    """Who hears what happens on the link."""

    async def on_frame(self, frame: Frame) -> None: ...

    def on_leaving(self) -> None:
        """Give no more commands until the next `ready`: the way is about to change."""
        ...

    def on_cut(self) -> None: ...
