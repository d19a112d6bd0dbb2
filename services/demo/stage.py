"""All of Hubbub in this process, without a port, in the time of the story.

The services are built as `make run` builds them and obey the same rules. They are reached where
their clients reach them: over the one public app, and over the bus.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol

from starlette.types import ASGIApp

from libs.common.bus.asking import Asker
from libs.common.contracts.commands import Payload
from libs.common.contracts.ids import RoomId
from libs.common.contracts.people import Person
from libs.common.process import PUBLIC, Process
from libs.common.service import Service
from services.builders.environment import replaced
from services.embedded.app import Parts, build
from services.embedded.settings import EmbeddedSettings
from services.messages.api.wishes import Wishes

ANSWER_TIMEOUT_S: Final = 30.0
"""How long a command may take: nobody else waits, so a slow disk is no reason to give up."""

OPEN_HERE: Final = {"AUTH_REGISTRATION": "open"}
"""Where nobody may register, the people of the demo still can: in this process alone."""


class Sends(Protocol):
    """Takes commands to the bus; see `services.messages.api.wishes.Wishes`."""

    async def send(
        self, person: Person, room_id: RoomId, payload: Payload, *, key: str | None
    ) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Stage:
    """`public` is the app behind the one port."""

    public: ASGIApp
    wishes: Sends


@asynccontextmanager
async def raised(
    settings: EmbeddedSettings, parts: Parts, *, environ: Mapping[str, str]
) -> AsyncIterator[Stage]:
    """Lend the running services; a worker that dies ends the block.  Raises: SettingsInvalid."""
    services = build(settings, parts, environ=replaced(environ, OPEN_HERE))
    process = parts.process
    asker = Asker(process.bus, f"demo.{process.instance}")
    async with living(services):
        await asker.start()
        try:
            yield Stage(_public(services), _wishes(asker, process))
        finally:
            await asker.stop()


@asynccontextmanager
async def living(services: Sequence[Service]) -> AsyncIterator[None]:
    """Start services and let their workers work until the block ends; no port is opened.

    Raises: what the block raises, or a worker that dies in it.
    """
    try:
        async with _working(services):
            yield
    except ExceptionGroup as failures:
        # One reason is enough; what follows from it says nothing new.
        raise failures.exceptions[0] from None


@asynccontextmanager
async def _working(services: Sequence[Service]) -> AsyncIterator[None]:
    async with AsyncExitStack() as stops, asyncio.TaskGroup() as group:
        for service in services:
            for stop in service.on_stop:
                stops.push_async_callback(stop)
            for start in service.on_start:
                await start()
        workers = [
            group.create_task(worker.run(), name=worker.name)
            for service in services
            for worker in service.workers
        ]
        yield
        for task in workers:
            task.cancel()


def _wishes(asker: Asker, process: Process) -> Wishes:
    return Wishes(
        asker,
        shards=process.spread.shards,
        timeout_s=ANSWER_TIMEOUT_S,
        clock=process.clock,
        chance=process.chance,
    )


def _public(services: Sequence[Service]) -> ASGIApp:
    (app,) = (one.app for service in services for one in service.listeners if one.name == PUBLIC)
    return app
