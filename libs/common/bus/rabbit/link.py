"""One connection to the broker, made again whenever it is lost.

    connect -> serve ... lost -> a pause -> connect -> serve ...
       |-- refused for good, and never served yet: the end, `BrokerUnusable`
       `-- anything else: a line in the log every few seconds, and again

What served once is never given up: whatever is wrong then, people wait for it to be mended, and
until it is, the process says that it is not ready.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

import structlog
from aio_pika.abc import AbstractConnection
from aio_pika.connection import Connection, make_url

from libs.common.bus.rabbit.failures import BrokerUnusable, Lost, losses, unusable
from libs.common.bus.rabbit.goodbye import goodbye
from libs.common.bus.rabbit.settings import BrokerSettings
from libs.common.cancelling import end_if_cancelled
from libs.common.chance import Chance
from libs.common.clock import Clock

log = structlog.get_logger()

TELL_EVERY_S: Final = 5.0
"""How often an outage that goes on is told."""

CLOSE_S: Final = 3.0
"""How long a goodbye may take; the library itself waits two seconds for the broker's."""

Serve = Callable[[AbstractConnection, Callable[[], None]], Coroutine[Any, Any, None]]
"""Uses a connection until cancelled; calls the second argument once everything works.

Raises: Lost, BrokerUnusable.
"""


class Link:
    """Keeps one connection and serves over it. `name` says what for, here and in the broker."""

    def __init__(
        self,
        name: str,
        serve: Serve,
        settings: BrokerSettings,
        *,
        instance: str,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._name = name
        self._serve = serve
        self._settings = settings
        self._label = f"hubbub {instance} {name}"
        self._clock = clock
        self._chance = chance
        self._first_served = asyncio.Event()
        self._told_at = float("-inf")
        self._times_served = 0

    @property
    def name(self) -> str:
        return self._name

    @property
    def reconnects(self) -> int:
        """Return how often it served again after the first time."""
        return max(0, self._times_served - 1)

    async def until_served(self) -> None:
        """Wait until everything has worked once."""
        await self._first_served.wait()

    async def run(self) -> None:
        """Connect and serve until cancelled.  Raises: BrokerUnusable."""
        while True:
            try:
                connection = await self._connect()
                await self._use(connection)
            except (Lost, BrokerUnusable) as reason:
                end_if_cancelled()
                if isinstance(reason, BrokerUnusable) and not self._first_served.is_set():
                    raise
                self._tell(reason)
            longest_s = self._settings.reconnect_s
            await self._clock.sleep(self._chance.uniform(longest_s / 2, longest_s))

    async def _connect(self) -> AbstractConnection:
        url = self._settings.url.get_secret_value()
        connection = Connection(
            make_url(url, heartbeat=self._settings.heartbeat_s),
            client_properties={"connection_name": self._label},
        )
        try:
            with losses():
                await connection.connect(timeout=self._settings.connect_timeout_s)
        except BaseException as error:
            await goodbye(connection.close(), limit_s=CLOSE_S)
            known = unusable(error.__cause__, url)
            if known is not None:
                raise known from None
            raise
        return connection

    async def _use(self, connection: AbstractConnection) -> None:
        """Serve until the connection is lost or cannot be used.  Raises: Lost, BrokerUnusable."""
        lost = asyncio.ensure_future(_closed(connection))
        serving = asyncio.ensure_future(self._serve(connection, self._served))
        try:
            await asyncio.wait({lost, serving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (lost, serving):
                task.cancel()
            await asyncio.wait({lost, serving}, timeout=CLOSE_S)
            await goodbye(connection.close(), limit_s=CLOSE_S)
            # What waited for the library's own goodbyes has had them now.
            _, stuck = await asyncio.wait({lost, serving}, timeout=CLOSE_S)
            if stuck:
                # It ends the process: better than two that serve at a time, or none.
                raise RuntimeError(f"serving {self._name} does not end")
        for task in (lost, serving):
            if not task.cancelled():
                task.result()

    def _served(self) -> None:
        self._times_served += 1
        log.info("broker_connected", link=self._name)
        self._first_served.set()
        self._told_at = float("-inf")

    def _tell(self, reason: Exception) -> None:
        now = self._clock.monotonic()
        if now - self._told_at >= TELL_EVERY_S:
            self._told_at = now
            log.warning("broker_away", link=self._name, reason=str(reason))


async def _closed(connection: AbstractConnection) -> None:
    """Wait for the end of the connection.  Raises: Lost."""
    with losses():
        if connection.transport is not None:
            await connection.transport.connection.closing
    raise Lost("the broker has closed the connection")
