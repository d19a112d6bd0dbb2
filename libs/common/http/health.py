"""Is this service alive, and is it ready for work?

Alive means that the process answers at all; only a restart helps one that does not. Ready means
that everything it needs answers too; a service that is draining says no so that nobody sends it
more.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

import structlog
from pydantic import BaseModel

from libs.common.http.problems import NotReady

log = structlog.get_logger()

Check = Callable[[], Awaitable[None]]
"""Returns when the thing it asks works; raises anything when it does not."""


class Health(BaseModel):
    status: Literal["alive", "ready"]


class Readiness:
    """The named things a service cannot work without, each asked within `timeout_s` seconds."""

    def __init__(self, checks: Mapping[str, Check], *, timeout_s: float) -> None:
        self._checks = dict(checks)
        self._timeout_s = timeout_s
        self._is_draining = False

    def require(self, name: str, check: Check) -> None:
        """Need one thing more: what the process adds to what the service knows of."""
        self._checks[name] = check

    def drain(self) -> None:
        """Say "not ready" from now on, whatever the checks say."""
        self._is_draining = True

    async def alive(self) -> Health:
        """Say that this process answers."""
        return Health(status="alive")

    async def ready(self) -> Health:
        """Say that everything this service needs works.

        Raises: NotReady, with what does not work in its fields.
        """
        if self._is_draining:
            raise NotReady(fields={"service": "draining"})
        reasons = await asyncio.gather(*(self._ask(name) for name in self._checks))
        failing = dict(zip(self._checks, reasons, strict=True))
        if any(reasons):
            raise NotReady(fields={name: why for name, why in failing.items() if why})
        return Health(status="ready")

    async def _ask(self, name: str) -> str | None:
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._checks[name]()
        except TimeoutError:
            return "no answer in time"
        except Exception as reason:
            log.warning("readiness_check_failed", check=name, error=reason.__cause__ or reason)
            return "does not work"
        return None
