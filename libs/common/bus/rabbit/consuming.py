"""The consuming connection, and everybody who hears something over it.

A listener is attached when it hears: its channel is open, its queue declared and consumed. One loop
attaches whoever is not, be it that somebody new has come, that a single channel was closed, or
that the whole connection is another one.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from aio_pika.abc import AbstractConnection
from aio_pika.exceptions import ChannelClosed

from libs.common.bus.rabbit.declaring import ensure_exchanges
from libs.common.bus.rabbit.failures import BrokerUnusable, Lost, losses
from libs.common.bus.rabbit.link import TELL_EVERY_S
from libs.common.bus.rabbit.settings import BrokerSettings
from libs.common.bus.topology import EXCHANGES
from libs.common.clock import Clock
from libs.common.errors import Unavailable

log = structlog.get_logger()


class Listener(Protocol):
    """Something that lives on a channel of the consuming connection."""

    @property
    def name(self) -> str: ...

    @property
    def is_attached(self) -> bool: ...

    async def attach(self, connection: AbstractConnection, on_detached: Callable[[], None]) -> None:
        """Begin to hear; call `on_detached` when that ends by itself.

        Raises: BrokerUnusable, whatever the library raises.
        """
        ...

    def detach(self) -> None:
        """Take note that the channel is gone; nothing if there is none."""
        ...


@dataclass(eq=False, slots=True)
class _Entry:
    """A listener, who waits for its first attachment, and when its trouble was told last."""

    listener: Listener
    first: asyncio.Future[None]
    told_at: float = float("-inf")


class Consuming:
    """Keeps all listeners attached over the connection that its link serves with."""

    def __init__(self, settings: BrokerSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._entries: list[_Entry] = []
        self._changed = asyncio.Event()
        self._attaching = asyncio.Lock()
        self._is_up = False

    @property
    def is_ready(self) -> bool:
        """Tell whether everybody hears."""
        return self._is_up and all(entry.listener.is_attached for entry in self._entries)

    async def join(self, listener: Listener) -> None:
        """Attach a listener, now and after every loss, until it leaves.

        Raises: BrokerUnusable; Unavailable when the broker stays away too long.
        """
        entry = _Entry(listener, asyncio.get_running_loop().create_future())
        self._entries.append(entry)
        self._changed.set()
        try:
            async with asyncio.timeout(self._settings.wait_s + self._settings.operation_timeout_s):
                await entry.first
        except BaseException as error:
            self._entries.remove(entry)
            if isinstance(error, TimeoutError):
                raise Unavailable from None
            raise

    async def leave(self, listener: Listener) -> None:
        """Attach it no more. On return nobody is about to."""
        self._entries = [entry for entry in self._entries if entry.listener is not listener]
        async with self._attaching:
            return

    async def serve(self, connection: AbstractConnection, served: Callable[[], None]) -> None:
        """Attach all over this connection until cancelled.  Raises: Lost, BrokerUnusable."""
        try:
            await self._bounded(ensure_exchanges(connection, EXCHANGES))
            has_told = False
            while True:
                self._changed.clear()
                is_whole = await self._attach_all(connection)
                self._is_up = True
                if is_whole and not has_told:
                    has_told = True
                    served()
                await self._until_changed(is_whole=is_whole)
        except ChannelClosed as error:
            raise Lost(str(error)) from error
        finally:
            self._is_up = False
            for entry in self._entries:
                entry.listener.detach()

    async def _attach_all(self, connection: AbstractConnection) -> bool:
        """Attach whoever is not, and return whether everybody is now.  Raises: Lost."""
        for entry in list(self._entries):
            if not entry.listener.is_attached:
                async with self._attaching:
                    await self._attach(entry, connection)
        return all(entry.listener.is_attached for entry in self._entries)

    async def _attach(self, entry: _Entry, connection: AbstractConnection) -> None:
        if entry not in self._entries:
            return
        try:
            await self._bounded(entry.listener.attach(connection, self._changed.set))
        except BrokerUnusable as reason:
            if entry.first.done():
                self._tell(entry, reason)
            else:
                entry.first.set_exception(reason)
        except ChannelClosed as reason:
            self._tell(entry, reason)
        else:
            if not entry.first.done():
                entry.first.set_result(None)

    async def _bounded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            async with asyncio.timeout(self._settings.operation_timeout_s):
                with losses():
                    await work
        except TimeoutError:
            raise Lost("the broker did not answer in time") from None

    async def _until_changed(self, *, is_whole: bool) -> None:
        limit_s = None if is_whole else self._settings.reconnect_s
        try:
            async with asyncio.timeout(limit_s):
                await self._changed.wait()
        except TimeoutError:
            pass

    def _tell(self, entry: _Entry, reason: Exception) -> None:
        now = self._clock.monotonic()
        if now - entry.told_at >= TELL_EVERY_S:
            entry.told_at = now
            log.error("queue_not_consumed", queue=entry.listener.name, reason=str(reason))
