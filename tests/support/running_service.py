"""A service that runs in the test's own loop and is called without a wire."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

import httpx

from libs.common.service import Service

ORIGIN = "http://chat.test"


@asynccontextmanager
async def running(
    service: Service, *, workers: Collection[str] | None = None
) -> AsyncIterator[None]:
    """Run a service as the runner does, with these workers or all; none may end by itself."""
    tasks: list[asyncio.Task[None]] = []
    try:
        for hook in service.on_start:
            await hook()
        tasks += [
            asyncio.create_task(worker.run())
            for worker in service.workers
            if workers is None or worker.name in workers
        ]
        yield
        for task in tasks:
            assert not task.done(), task
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for hook in reversed(service.on_stop):
            await hook()


def caller(service: Service, token: str | None, *, door: str) -> httpx.AsyncClient:
    """Return a client that calls at a service's door with a token, or without; close it."""
    app = next(one.app for one in service.listeners if one.name == door)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url=ORIGIN,
        headers={"authorization": f"Bearer {token}"} if token else {},
    )
