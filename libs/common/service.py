"""What a service is to the process that runs it: its ports, workers, first and last steps.

A composition root builds these values and hands them to `libs.common.runner.run`.
"""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from libs.common.http.health import Readiness
from libs.common.listeners import Listener

Hook = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Worker:
    """Something that runs for as long as its service does, and stops when cancelled."""

    name: str
    run: Callable[[], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Service:
    """What the runner must know of one service.

    Hooks run one after the other, `on_drain` all together, `on_stop` in reverse order and for every
    service whose start began, even if it failed.
    """

    name: str
    readiness: Readiness
    listeners: Sequence[Listener] = ()
    workers: Sequence[Worker] = ()
    on_start: Sequence[Hook] = ()
    on_drain: Sequence[Hook] = ()
    on_stop: Sequence[Hook] = ()


@dataclass(frozen=True, slots=True)
class Address:
    """Where a listener can be reached."""

    service: str
    listener: str
    host: str
    port: int
