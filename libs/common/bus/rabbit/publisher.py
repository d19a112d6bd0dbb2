"""The publishing connection: every message is confirmed, returned or refused, within a time.

    away -- connected --> open -- a nack, a broken channel --------> worn  -- new channel --> open
                            '---- two time-outs in a row, an alarm -> stuck -- new channel --> open

Away and stuck refuse at once; worn waits for the new channel, which takes milliseconds. A blocked
connection opens no channel, so opening one is the probe that finds the end of an alarm. The broker
blocks only connections that publish, so consuming, which has a connection of its own, goes on.

A channel is left after a nack: one whose first message met a dying leader of a quorum queue has
been seen to refuse for ever, where a new one on the same connection worked at once.
"""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog
from aio_pika.abc import AbstractConnection
from aio_pika.exceptions import ChannelClosed, DeliveryError, PublishError

from libs.common.bus.interface import Outgoing, Refused, Unconfirmed, Unroutable
from libs.common.bus.rabbit.declaring import ensure_exchanges
from libs.common.bus.rabbit.failures import Lost, losses
from libs.common.bus.rabbit.goodbye import goodbye
from libs.common.bus.rabbit.lane import Lane
from libs.common.bus.rabbit.settings import BrokerSettings
from libs.common.bus.topology import EXCHANGES
from libs.common.errors import Unavailable

log = structlog.get_logger()

STUCK_AFTER: Final = 2
"""Time-outs in a row after which nothing more is tried until a probe succeeds."""


class Publisher:
    """Publishes over the connection that its link serves with."""

    def __init__(self, settings: BrokerSettings) -> None:
        self._settings = settings
        self._connection: AbstractConnection | None = None
        self._lane: Lane | None = None
        self._opened = asyncio.Event()
        self._worn = asyncio.Event()
        self._is_stuck = False
        self._timeouts = 0
        self._retiring: set[asyncio.Task[None]] = set()

    @property
    def is_ready(self) -> bool:
        """Tell whether a message would be sent now, or as soon as a worn channel is replaced."""
        return self._connection is not None and not self._is_stuck

    async def serve(self, connection: AbstractConnection, served: Callable[[], None]) -> None:
        """Publish over this connection until cancelled.  Raises: Lost, BrokerUnusable."""
        try:
            async with asyncio.timeout(self._settings.operation_timeout_s):
                with losses():
                    await ensure_exchanges(connection, EXCHANGES)
            self._connection = connection
            await self._open_lane(connection)
            served()
            while True:
                await self._worn.wait()
                await self._open_lane(connection)
        except TimeoutError:
            raise Lost("the broker opened no channel in time") from None
        except ChannelClosed as error:
            raise Lost(str(error)) from error
        finally:
            self._connection = self._lane = None
            self._wake_waiters()

    async def publish(self, message: Outgoing, *, timeout_s: float) -> None:
        """Publish and wait for the confirm.  See `libs.common.bus.interface.Bus`."""
        limit_s = min(timeout_s, self._settings.publish_timeout_s)
        lane = self._lane
        if lane is None or lane.is_busy:
            lane = await self._usable_lane(limit_s)
        try:
            async with asyncio.timeout(limit_s):
                with losses():
                    await lane.publish(message)
        except TimeoutError:
            await self._note_timeout(lane)
            raise Unconfirmed from None
        except PublishError:
            raise Unroutable from None
        except DeliveryError:
            self._leave(lane)
            raise Refused from None
        except (Lost, ChannelClosed) as reason:
            if self._lane is lane:
                log.warning("publishing_interrupted", reason=str(reason))
            self._leave(lane)
            raise Unconfirmed from None
        self._timeouts = 0

    async def _usable_lane(self, limit_s: float) -> Lane:
        """Return the lane; wait for a new one, but for nothing else.  Raises: Unavailable."""
        connection = self._connection
        if connection is None or self._is_stuck:
            raise Unavailable
        if await _is_blocked(connection):
            self._get_stuck("the broker has raised an alarm")
            raise Unavailable
        return self._lane or await self._next_lane(connection, limit_s)

    async def _next_lane(self, connection: AbstractConnection, limit_s: float) -> Lane:
        try:
            async with asyncio.timeout(limit_s):
                while self._lane is None:
                    await self._opened.wait()
                    if self._connection is not connection:
                        raise Unavailable
        except TimeoutError:
            raise Unavailable from None
        return self._lane

    async def _open_lane(self, connection: AbstractConnection) -> None:
        """Open a lane in place of the worn one; while an alarm lasts, wait for its end."""
        self._worn.clear()
        while True:
            try:
                async with asyncio.timeout(self._settings.operation_timeout_s):
                    with losses():
                        self._lane = await Lane.open(connection)
                break
            except TimeoutError:
                if not await _is_blocked(connection):
                    raise
        if self._is_stuck:
            log.info("publishing_resumed")
        self._is_stuck, self._timeouts = False, 0
        self._wake_waiters()

    async def _note_timeout(self, lane: Lane) -> None:
        self._timeouts += 1
        connection = self._connection
        if connection is not None and await _is_blocked(connection):
            self._get_stuck("the broker has raised an alarm")
        elif self._timeouts >= STUCK_AFTER and self._lane is lane:
            self._get_stuck("the broker confirms nothing")

    def _get_stuck(self, reason: str) -> None:
        if not self._is_stuck:
            self._is_stuck = True
            log.warning("publishing_stopped", reason=reason)
        if self._lane is not None:
            self._leave(self._lane)

    def _leave(self, lane: Lane) -> None:
        """Use the lane no more; ask for a new one."""
        if self._lane is not lane:
            return
        self._lane = None
        self._worn.set()
        closing = goodbye(lane.close(), limit_s=self._settings.operation_timeout_s)
        retiring = asyncio.ensure_future(closing)
        self._retiring.add(retiring)
        retiring.add_done_callback(self._retiring.discard)

    def _wake_waiters(self) -> None:
        self._opened.set()
        self._opened.clear()


async def _is_blocked(connection: AbstractConnection) -> bool:
    """Tell whether the broker has said that it reads nothing from this connection."""
    if connection.transport is None:
        return False
    try:
        async with asyncio.timeout(0):
            # Returns without waiting unless the connection is blocked.
            await connection.transport.ready()
    except TimeoutError:
        return True
    return False
