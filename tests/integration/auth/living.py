"""Auth as it runs: on a real Postgres and the in-process bus, called through its ASGI apps."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import httpx
from prometheus_client import CollectorRegistry

from libs.common.bus.interface import Binding, Delivery, Outgoing
from libs.common.bus.local import LocalBus
from libs.common.bus.topology import FACTS, Spread
from libs.common.chance import SystemChance
from libs.common.contracts.facts import FACT, Fact, decode_fact
from libs.common.errors import Unauthorized
from libs.common.http.settings import HttpSettings
from libs.common.postgres import Database
from libs.common.process import Process
from libs.common.service import Service
from libs.common.tokens.revoked import RevokedSessions
from services.auth.api.hashing import SlowHash
from services.auth.api.privacy.neighbours import Neighbours
from services.auth.app import Trust, build
from services.auth.settings.general import AuthSettings
from services.auth.settings.identity import IdentitySettings
from services.auth.settings.mail import MailSettings
from services.builders.trust import AUDIENCES
from tests.integration.auth.neighbours import no_neighbours
from tests.support.clock import SetClock
from tests.support.running_service import running
from tests.support.service_database import service_pool
from tests.unit.auth.recording import RecordingHash

ORIGIN = "http://127.0.0.1:8000"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PASSWORD = "correct horse battery staple"
WAIT_S = 30.0
UNREADABLE = b"unreadable"
WORKERS = frozenset({"outbox", "keys", "ended_sessions", "sweeping"})


class BackDoor:
    """Knows the other services by name."""

    def verify(self, token: str, now: float) -> str:
        if token not in {"rooms", "messages", "stranger"}:
            raise Unauthorized
        return token


@dataclass(frozen=True, slots=True)
class SignedInPerson:
    """Somebody with an account and one session."""

    id: str
    email: str
    name: str
    refresh_token: str
    client: httpx.AsyncClient

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.client.get(path, params=params)

    async def post(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.post(path, **options)


@dataclass(slots=True)
class Instance:
    """One process of auth."""

    service: Service
    database: Database
    revoked: RevokedSessions
    registry: CollectorRegistry
    hash: RecordingHash
    links: list[str]
    said: list[str]
    clients: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def client(
        self, *, address: str = "192.0.2.7", listener: int = 0, **headers: str
    ) -> httpx.AsyncClient:
        """Return a client that calls from `address`; closed with the instance."""
        transport = httpx.ASGITransport(
            app=self.service.listeners[listener].app, client=(address, 4711)
        )
        client = httpx.AsyncClient(
            transport=transport,
            base_url=ORIGIN,
            headers={"user-agent": FIREFOX} | {_dashed(name): headers[name] for name in headers},
        )
        return await self.clients.enter_async_context(client)

    async def register(
        self, who: str, *, address: str = "192.0.2.7", **more: Any
    ) -> SignedInPerson:
        """Make an account for `who` and log in; `more` are members of the body."""
        stranger = await self.client(address=address)
        body = registration(who) | more
        answer = await stranger.post("/v1/auth/register", json=body)
        assert answer.status_code == 201, answer.text
        said = answer.json()
        return SignedInPerson(
            id=said["user"]["id"],
            email=body["email"],
            name=body["name"],
            refresh_token=said.get("refresh_token", ""),
            client=await self.bearing(said["access_token"], address=address),
        )

    async def bearing(self, token: str, *, address: str = "192.0.2.7") -> httpx.AsyncClient:
        """Return a client that shows an access token."""
        return await self.client(address=address, authorization=f"Bearer {token}")

    async def log_in(self, email: str, password: str = PASSWORD, **options: Any) -> httpx.Response:
        """Try to log in; `address` and further members of the body are options."""
        stranger = await self.client(address=options.pop("address", "192.0.2.7"))
        body = {"email": email, "password": password} | options
        return await stranger.post("/v1/auth/login", json=body)

    async def refresh(self, token: str, *, user_agent: str = FIREFOX) -> httpx.Response:
        """Show a refresh token, as a client of this name."""
        stranger = await self.client(user_agent=user_agent)
        return await stranger.post("/v1/auth/refresh", json={"refresh_token": token})

    def metric(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(f"chat_auth_{name}", labels)


@dataclass(slots=True)
class Town:
    """A database, a bus and a clock, and as many instances of auth as a test wants."""

    dsn: str
    clock: SetClock
    bus: LocalBus
    facts: list[Fact] = field(default_factory=list)
    fact_keys: list[str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    async def found(cls, dsn: str) -> Self:
        clock = SetClock()
        town = cls(dsn, clock, LocalBus(clock))
        await town.bus.open_inbox(
            "listener", (Binding(FACTS, "#"),), town.on_delivery, on_gap=lambda: None
        )
        return town

    def on_delivery(self, delivery: Delivery) -> None:
        if delivery.body != UNREADABLE:
            self.facts.append(decode_fact(delivery.key, delivery.body))
            self.fact_keys.append(delivery.key)
            self.news.set()

    async def tell_unreadable(self, key: str) -> None:
        """Publish a fact that nobody can read."""
        await self.bus.publish(Outgoing(FACTS, key, FACT, UNREADABLE), timeout_s=WAIT_S)

    async def heard(self, key: str, count: int = 1) -> list[Fact]:
        """Wait for `count` facts of this key and return them."""
        async with asyncio.timeout(WAIT_S):
            while self.fact_keys.count(key) < count:
                self.news.clear()
                await self.news.wait()
        told = zip(self.fact_keys, self.facts, strict=True)
        return [fact for its_key, fact in told if its_key == key]

    @asynccontextmanager
    async def instance(
        self,
        *,
        slow_hash: SlowHash | None = None,
        secret: str = "s" * 32,
        instance: str = "auth-1",
        workers: Collection[str] = WORKERS,
        mail: MailSettings | None = None,
        identity: IdentitySettings | None = None,
        neighbours: Neighbours | None = None,
        **knobs: Any,
    ) -> AsyncIterator[Instance]:
        """Run an instance; `knobs` are settings.

        Where the clock jumps by days, leave out the workers that look around every second.
        """
        settings = {"secret": secret, "public_url": ORIGIN, "port": 0, "internal_port": 0} | knobs
        async with service_pool(self.dsn, "auth") as database:
            made = self._built(
                AuthSettings.model_validate(settings),
                database,
                slow_hash=slow_hash,
                instance=instance,
                mail=mail or MailSettings(),
                identity=identity or IdentitySettings(),
                neighbours=neighbours,
            )
            async with running(made.service, workers=workers), made.clients:
                yield made

    def _built(
        self,
        settings: AuthSettings,
        database: Database,
        *,
        slow_hash: SlowHash | None,
        instance: str,
        mail: MailSettings,
        identity: IdentitySettings,
        neighbours: Neighbours | None,
    ) -> Instance:
        recording, registry, revoked = RecordingHash(), CollectorRegistry(), RevokedSessions()
        links: list[str] = []
        said: list[str] = []
        process = Process(
            instance=instance,
            bus=self.bus,
            spread=Spread(),
            clock=self.clock,
            chance=SystemChance(self.clock),
            registry=registry,
            http=HttpSettings(),
        )
        trust = Trust(
            issuer="hubbub",
            audiences=AUDIENCES,
            leeway_s=0.0,
            services=BackDoor(),
            revoked=revoked,
            neighbours=neighbours or no_neighbours(self.clock),
        )
        service = build(
            settings,
            process,
            mail=mail,
            identity=identity,
            database=database,
            trust=trust,
            slow_hash=slow_hash or recording,
            announce=links.append,
            say=said.append,
        )
        return Instance(service, database, revoked, registry, recording, links, said)


def registration(name: str, **more: Any) -> dict[str, Any]:
    """Return the body with which somebody registers."""
    return {"email": f"{name.lower()}@example.org", "password": PASSWORD, "name": name} | more


def _dashed(name: str) -> str:
    return name.replace("_", "-")
