"""Keeps a way to the server: a socket, or polls where no socket gets through.

It connects, comes back when it is cut, and changes the way when that is due. The rules of that are
in `ways` and `core`.
"""

import asyncio
import contextlib
import random

import httpx

from hubbub_client.core import ComeBack, Returns
from hubbub_client.frames import Frame, Json
from hubbub_client.link.door import Door, NoAnswer
from hubbub_client.link.listening import GiveToken, Listener
from hubbub_client.link.polls import Polls
from hubbub_client.link.sockets import NotOpened, Socket, open_socket
from hubbub_client.rooms import Rooms
from hubbub_client.ways import Ended, Patience, Way, Ways


class Link:
    """Runs until cancelled, or until the server does not want this client back (`stopped`)."""

    def __init__(
        self,
        url: str,
        give_token: GiveToken | str,
        *,
        rooms: Rooms,
        listener: Listener,
        headers: dict[str, str],
        patience: Patience,
    ) -> None:
        self._url = url
        self._give_token = give_token
        self._rooms = rooms
        self._listener = listener
        self._headers = headers
        self._patience = patience
        self._ways = Ways(patience)
        self._returns = Returns(random.uniform)
        self._current: Socket | Polls | None = None
        self.stopped: str | None = None

    @property
    def way(self) -> Way:
        return self._ways.way

    @property
    def pressure(self) -> int:
        """Return how busy the server says that it is, 0 as long as it does not say."""
        return self._current.pressure if self._current is not None else 0

    async def run(self) -> None:
        while True:
            ended = await self._one_spell()
            if ended.what_next in (ComeBack.NEVER, ComeBack.LOG_IN):
                self.stopped = ended.why
                return
            if ended.told_s:
                self._returns.told(ended.told_s, _now())
            await asyncio.sleep(self._returns.wait_s(ended.what_next, _now()))

    async def write(self, type_: str, data: Json, ref: str | None = None) -> None:
        """Give a command if there is a way; what is lost with it is the caller's to repeat.

        Typing goes only where and when it is of use to anybody.
        """
        if self._current is None:
            return
        if type_ != "typing" or self._current.carries_typing:
            await self._current.write(type_, data, ref)
        elif ref is not None:
            await self._listener.on_frame(Frame("ack", ref=ref))

    def cut(self) -> None:
        """Drop the way without a goodbye, as a bad network does."""
        if self._current is not None:
            self._current.cut()

    async def _one_spell(self) -> Ended:
        """Talk over one connection, or poll for a while, until it ends."""
        if self._ways.way is Way.SOCKET:
            ended = await self._over_socket()
            if not ended.has_upgrade_failed:
                return ended
            self._ways.upgrade_failed(_now())
            if not self._ways.may_poll:
                return ended
        return await self._over_polls()

    async def _over_socket(self) -> Ended:
        try:
            socket = await self._open_socket()
        except NotOpened as failure:
            return failure.ended
        return await self._talk(socket)

    async def _over_polls(self) -> Ended:
        door = Door(self._url, self._fresh_token, headers=self._headers)
        polls = Polls(
            door,
            rooms=self._rooms,
            hear=self._hear_over_polls,
            returns=self._returns,
            patience=self._patience,
        )
        try:
            found = await self._poll_until_a_socket_opens(polls)
        finally:
            await door.close()
        return await self._talk(found) if isinstance(found, Socket) else found

    async def _poll_until_a_socket_opens(self, polls: Polls) -> Socket | Ended:
        """Return the socket, with nothing under way any more, or why the polling has ended."""
        polling = asyncio.create_task(polls.run(is_trial=self._ways.way is Way.SOCKET))
        knocking = asyncio.create_task(self._knock(polls))
        self._current = polls
        try:
            await asyncio.wait({polling, knocking}, return_when=asyncio.FIRST_COMPLETED)
            if not knocking.done():
                return polling.result()
            self._listener.on_leaving()
            await polls.leave()
            await polling
            return knocking.result()
        except BaseException:
            if knocking.done():
                knocking.result().cut()
            raise
        finally:
            self._current = None
            polling.cancel()
            knocking.cancel()
            await asyncio.gather(polling, knocking, return_exceptions=True)
            self._listener.on_cut()

    async def _knock(self, polls: Polls) -> Socket:
        """Return the first socket that opens, of those that are tried from time to time."""
        await polls.works.wait()
        while True:
            await asyncio.sleep(self._ways.socket_in_s(_now()))
            self._ways.socket_was_tried(_now())
            with contextlib.suppress(NotOpened):
                return await self._open_socket()

    async def _open_socket(self) -> Socket:
        return await open_socket(
            self._url, headers=self._headers, timeout_s=self._patience.open_timeout_s
        )

    async def _talk(self, socket: Socket) -> Ended:
        self._current = socket
        try:
            return await socket.talk(
                self._auth,
                self._hear_over_socket,
                ready_within_s=self._patience.open_timeout_s,
            )
        except NoAnswer as failure:
            return Ended(ComeBack.BACKOFF, why=str(failure))
        finally:
            self._current = None
            self._listener.on_cut()

    async def _hear_over_socket(self, frame: Frame) -> None:
        if frame.type == "ready":
            self._ways.socket_works()
        await self._hear(frame)

    async def _hear_over_polls(self, frame: Frame) -> None:
        if frame.type == "ready":
            self._ways.polls_work(_now())
        await self._hear(frame)

    async def _hear(self, frame: Frame) -> None:
        if frame.type == "ready":
            self._returns.ready(_now())
        elif frame.type == "reconnect":
            self._returns.told(frame.data.get("after_ms", 0) / 1000, _now())
        await self._listener.on_frame(frame)

    async def _auth(self) -> Json:
        auth: Json = {"token": await self._fresh_token(), "features": ["batch"]}
        resume = self._rooms.resume()
        return auth | {"resume": resume} if resume else auth

    async def _fresh_token(self) -> str:
        """Return a token.  Raises: NoAnswer, when whoever gives them could not be reached."""
        if isinstance(self._give_token, str):
            return self._give_token
        try:
            return await self._give_token()
        except (httpx.HTTPError, OSError) as failure:
            raise NoAnswer(repr(failure)) from failure


def _now() -> float:
    return asyncio.get_running_loop().time()
