"""Runs one service or several in one process, from the first port to the last goodbye.

    bind ports -> on_start -> workers -> listeners -> ... SIGTERM, Ctrl-C, or a worker's death ...
    -> not ready -> on_drain -> listeners finish -> workers are cancelled -> on_stop

A worker never ends by itself: one that does, however it does, takes the process with it, because a
process without its consumer looks healthy and does nothing. Requests finish before workers are
cancelled, since some wait for an answer that a worker brings. Every step has a time limit; a second
Ctrl-C ends the process at once.
"""

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import ExitStack, contextmanager
from typing import Any, Final, Literal

import structlog
from pydantic import Field

from libs.common import logs
from libs.common.cancelling import end_if_cancelled
from libs.common.clock import Clock
from libs.common.errors import Unavailable
from libs.common.listeners import Listener, ListenerSettings, PortServer, bind, server
from libs.common.service import Address, Hook, Service, Worker
from libs.common.starting import CannotStart

log = structlog.get_logger()

STOPPED: Final = 0
FAILED: Final = 1
INTERRUPTED: Final = 130

FINISH_MARGIN_S: Final = 1.0
"""What uvicorn takes beyond `finish_requests_s`: it looks ten times a second."""


class RunSettings(ListenerSettings):
    start_timeout_s: float = Field(default=120.0, gt=0)
    """How long the services may take to start together."""

    drain_notice_s: float = Field(default=0.0, ge=0)
    """How long to go on serving after saying "not ready", so that a load balancer notices."""

    drain_timeout_s: float = Field(default=30.0, gt=0)
    """How long a service may take to send its clients elsewhere when the process stops."""

    stop_timeout_s: float = Field(default=5.0, gt=0)
    """How long workers, and then each closing step, may take when the process stops."""


Announce = Callable[[Sequence[Address]], None]


async def run(
    services: Sequence[Service], settings: RunSettings, *, clock: Clock, announce: Announce
) -> int:
    """Run until told to stop, and return the exit status of the process.

    `announce` hears the addresses once all listeners accept connections. 0: stopped by a signal.
    1: a service did not start, or a worker died; the log says which and why.
    Raises: CannotListen, before anything is started.
    """
    end_if_cancelled()
    stop = asyncio.Event()
    with ExitStack() as sockets, _signals(stop):
        ports = [
            _Port(service, listener, sockets.enter_context(bind(listener)))
            for service in services
            for listener in service.listeners
        ]
        return await _Run(services, ports, settings, clock, stop).live(announce)


@contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()

    def interrupt() -> None:
        if stop.is_set():
            os._exit(INTERRUPTED)
        stop.set()

    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
        loop.remove_signal_handler(signal.SIGINT)


class _Port:
    """A listener, its socket and its server."""

    def __init__(self, service: Service, listener: Listener, bound: socket.socket) -> None:
        self.service = service
        self.listener = listener
        self.bound = bound

    def address(self) -> Address:
        host, port = self.bound.getsockname()[:2]
        return Address(self.service.name, self.listener.name, host, port)

    async def serve(self, its: PortServer) -> None:
        with logs.bind(service=self.service.name):
            try:
                await its.serve(sockets=[self.bound])
            except Exception:
                log.exception("listener_died", listener=self.listener.name)


class _Run:
    """One life of a process. `stop` is set when it is to end, whoever wants that."""

    def __init__(
        self,
        services: Sequence[Service],
        ports: Sequence[_Port],
        settings: RunSettings,
        clock: Clock,
        stop: asyncio.Event,
    ) -> None:
        self._services = services
        self._ports = ports
        self._settings = settings
        self._clock = clock
        self._stop = stop
        self._begun: list[Service] = []

    async def live(self, announce: Announce) -> int:
        told = asyncio.create_task(self._stop.wait())
        try:
            starting = asyncio.create_task(self._start())
            await asyncio.wait({starting, told}, return_when=asyncio.FIRST_COMPLETED)
            if not await _finished(starting):
                return STOPPED if self._stop.is_set() else FAILED
            return await self._work(told, announce)
        finally:
            told.cancel()
            await self._close()

    async def _start(self) -> bool:
        try:
            async with asyncio.timeout(self._settings.start_timeout_s):
                for service in self._services:
                    self._begun.append(service)
                    with logs.bind(service=service.name):
                        for hook in service.on_start:
                            await hook()
                        log.info("service_started")
        except Exception as reason:
            log.error("service_start_failed", service=self._begun[-1].name, **_told(reason))
            return False
        return True

    async def _work(self, told: asyncio.Task[Literal[True]], announce: Announce) -> int:
        servers = [server(port.listener, self._settings) for port in self._ports]
        workers = {
            asyncio.create_task(_supervised(service, worker), name=worker.name)
            for service in self._services
            for worker in service.workers
        }
        serving = {
            asyncio.create_task(port.serve(its), name=port.listener.name)
            for port, its in zip(self._ports, servers, strict=True)
        }
        accepting = asyncio.create_task(_all_accept(servers))
        living: set[asyncio.Future[Any]] = {told, *workers, *serving}
        try:
            await asyncio.wait({accepting, *living}, return_when=asyncio.FIRST_COMPLETED)
            if accepting.done():
                announce([port.address() for port in self._ports])
                await asyncio.wait(living, return_when=asyncio.FIRST_COMPLETED)
            return STOPPED if told.done() else FAILED
        finally:
            self._stop.set()
            accepting.cancel()
            await self._drain()
            for its in servers:
                its.should_exit = True
            await _finish(serving, self._settings.finish_requests_s + FINISH_MARGIN_S)
            for task in workers:
                task.cancel()
            await _finish(workers, self._settings.stop_timeout_s)

    async def _drain(self) -> None:
        log.info("drain_begun")
        for service in self._services:
            service.readiness.drain()
        await self._clock.sleep(self._settings.drain_notice_s)
        limit_s = self._settings.drain_timeout_s
        await asyncio.gather(
            *(
                _limited(hook, service, limit_s=limit_s)
                for service in self._services
                for hook in service.on_drain
            )
        )

    async def _close(self) -> None:
        for service in reversed(self._begun):
            for hook in reversed(service.on_stop):
                await _limited(hook, service, limit_s=self._settings.stop_timeout_s)
        log.info("process_stopped")


async def _all_accept(servers: Sequence[PortServer]) -> None:
    for its in servers:
        await its.accepting.wait()


async def _supervised(service: Service, worker: Worker) -> None:
    with logs.bind(service=service.name, worker=worker.name):
        try:
            await worker.run()
        except Exception as reason:
            log.error("worker_died", **_told(reason))
        else:
            log.error("worker_ended")


def _told(reason: Exception) -> dict[str, Any]:
    """Return how a log tells of it: what others have to mend in a line, our mistakes in full."""
    match reason:
        case CannotStart():
            return {"reason": str(reason)}
        case Unavailable():
            return {"reason": str(reason.__cause__ or reason)}
    return {"exc_info": reason}


async def _limited(hook: Hook, service: Service, *, limit_s: float) -> None:
    with logs.bind(service=service.name):
        try:
            async with asyncio.timeout(limit_s):
                await hook()
        except Exception:
            log.exception("stop_step_failed", limit_s=limit_s)


async def _finished(starting: asyncio.Task[bool]) -> bool:
    """Return whether everything started; a start that is still going on is given up."""
    starting.cancel()
    await asyncio.wait({starting})
    return not starting.cancelled() and starting.result()


async def _finish(tasks: Set[asyncio.Task[None]], limit_s: float) -> None:
    """Wait for `tasks` to end; those that do not are cancelled, told about and left."""
    if not tasks:
        return
    _, stuck = await asyncio.wait(tasks, timeout=limit_s)
    for task in stuck:
        task.cancel()
        log.error("task_stuck", task=task.get_name(), limit_s=limit_s)
