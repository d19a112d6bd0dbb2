"""What came to one client, for several who wait for different frames of it at the same time."""

import asyncio
from collections.abc import Callable, Iterable

from hubbub_client.frames import Frame
from tests.conformance.clause import Broken, shown


class Inbox:
    """Keeps every frame, in order, and hands out each once."""

    def __init__(self, *, wait_s: float) -> None:
        """`wait_s` is how long something may take for which no clause names a time."""
        self.wait_s = wait_s
        self.frames: list[Frame] = []
        self._unheard: list[Frame] = []
        self._ending: str | None = None
        self._news = asyncio.Event()

    def put(self, frames: Iterable[Frame]) -> None:
        """Keep frames that have just come."""
        frames = list(frames)
        self.frames += frames
        self._unheard += frames
        self._tell()

    def end(self, how: str) -> None:
        """Let nobody wait any more: nothing will come."""
        self._ending = how
        self._tell()

    async def first(
        self, is_wanted: Callable[[Frame], bool], what: str, *, within_s: float | None = None
    ) -> Frame:
        """Return the first frame that is wanted and was not handed out yet.  Raises: Broken."""
        within_s = self.wait_s if within_s is None else within_s
        try:
            async with asyncio.timeout(within_s):
                while True:
                    for at, frame in enumerate(self._unheard):
                        if is_wanted(frame):
                            return self._unheard.pop(at)
                    if self._ending is not None:
                        raise Broken(f"expected {what}; {self._ending}; {self._last()}")
                    await self._news.wait()
        except TimeoutError as error:
            raise Broken(f"expected {what} within {within_s:g} s; {self._last()}") from error

    async def reach(self, room_id: str, seq: int) -> None:
        """Return once the durable event of this seq has come.  Raises: Broken."""
        if not any(event.seq == seq for event in self.events(room_id)):
            await self.first(
                lambda frame: frame.room_id == room_id and frame.seq == seq, f"the event {seq}"
            )

    def events(self, room_id: str) -> list[Frame]:
        """Return the durable events of a room in the order in which they came."""
        return [one for one in self.frames if one.room_id == room_id and one.seq is not None]

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    def _last(self) -> str:
        return f"last came {shown(self.frames[-2:] or None)}"
