"""How long a stranger waits for an answer about an address with an account and one without.

The two kinds of question take turns, so whatever else the machine does meets both alike.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from services.auth.api.hashing import argon2id
from services.auth.settings.general import AuthSettings
from services.auth.settings.mail import MailSettings
from tests.integration.auth.living import ORIGIN, Instance, Town, registration

WRONG: Final = "correct horse battery maple"
KNOWN: Final = "known@example.org"

WITHOUT_LIMITS: Final[dict[str, Any]] = {
    "free_attempts": 100_000,
    "failures_burst": 100_000,
    "hashes_burst": 100_000,
    "registrations_burst": 100_000,
}

# Letters wait in the database: nothing is sent.
MAIL: Final = MailSettings.model_validate(
    {
        "url": "smtp://127.0.0.1:9",
        "sender": "chat@example.org",
        "to_one_burst": 100_000,
    }
)

Ask = Callable[[httpx.AsyncClient, str], Awaitable[httpx.Response]]


@dataclass(frozen=True, slots=True)
class TwoKinds:
    """How many seconds each answer took."""

    known_s: list[float] = field(default_factory=list)
    unknown_s: list[float] = field(default_factory=list)

    def difference(self, of: Callable[[list[float]], float]) -> float:
        """How much longer one kind takes, as a part of the other, by the median or the minimum."""
        known_s, unknown_s = of(self.known_s), of(self.unknown_s)
        return abs(known_s - unknown_s) / max(known_s, unknown_s)

    def and_also(self, others: "TwoKinds") -> "TwoKinds":
        return TwoKinds(self.known_s + others.known_s, self.unknown_s + others.unknown_s)


async def log_in(stranger: httpx.AsyncClient, email: str) -> httpx.Response:
    return await stranger.post("/v1/auth/login", json={"email": email, "password": WRONG})


async def register(stranger: httpx.AsyncClient, email: str) -> httpx.Response:
    body = registration("Somebody", email=email)
    return await stranger.post("/v1/auth/register", json=body)


async def forget(stranger: httpx.AsyncClient, email: str) -> httpx.Response:
    return await stranger.post("/v1/auth/password/forgot", json={"email": email})


QUESTIONS: Final[dict[str, Ask]] = {"log-in": log_in, "register": register, "reset": forget}


@asynccontextmanager
async def asked(town: Town) -> AsyncIterator[Instance]:
    """Run an instance with a mail server, the hash that is used in earnest, and one account."""
    settings = AuthSettings.model_validate({"secret": "s" * 32, "public_url": ORIGIN})
    async with town.instance(
        mail=MAIL, slow_hash=argon2id(settings), workers=(), **WITHOUT_LIMITS
    ) as auth:
        stranger = await auth.client()
        answer = await register(stranger, KNOWN)
        assert answer.status_code == 202, answer.text
        yield auth


async def compare(auth: Instance, ask: Ask, *, pairs: int, first: int) -> TwoKinds:
    """Ask of both kinds of address in turns; no unknown one twice, from `first` on."""
    took = TwoKinds()
    for number in range(first, first + pairs):
        # Each goes first as often: the second finds caches warm.
        for is_known in (True, False) if number % 2 else (False, True):
            # A network for each: no limit is meant to be met.
            stranger = await auth.client(address=f"10.{number // 250 % 250}.{number % 250}.1")
            email = KNOWN if is_known else f"nobody{number}@example.org"
            started = time.perf_counter()
            answer = await ask(stranger, email)
            kind = took.known_s if is_known else took.unknown_s
            kind.append(time.perf_counter() - started)
            assert answer.status_code in {202, 401}, answer.text
    return took
