"""Builds auth out of its parts; everything that reaches outside is passed in."""

from dataclasses import dataclass
from typing import Final

from libs.common.http.endpoint import Endpoint
from libs.common.http.people import ServiceVerifier, SignedTokens
from libs.common.metrics import Metrics
from libs.common.migrate import SchemaGate
from libs.common.migrations import Schema, read_migrations
from libs.common.outbox_tries import set_aside_gauge
from libs.common.postgres import Database
from libs.common.process import Doors, Place, Process, assemble
from libs.common.relay import Relay
from libs.common.retry import Backoff
from libs.common.service import Service, Worker
from libs.common.tokens.access import Audiences, Verifier
from libs.common.tokens.ended_sessions import EndedSessions
from libs.common.tokens.revoked import RevokedSessions
from services.auth.api.accounts import AccountsApi
from services.auth.api.cookies import RefreshCookie
from services.auth.api.endings import Endings
from services.auth.api.hashing import PasswordHashing, SlowHash
from services.auth.api.internal import InternalApi
from services.auth.api.keys import KeyRing, OwnTokens
from services.auth.api.login import PasswordLogin
from services.auth.api.owner import Announce, FirstOwner
from services.auth.api.renewal import KeyRenewal
from services.auth.api.sessions import SessionsApi
from services.auth.api.signing_in import SigningIn
from services.auth.api.surroundings import Surroundings
from services.auth.api.sweeping import Sweeping
from services.auth.consumers.facts import FactPublisher
from services.auth.core.keys import MAKES_REFRESH_TOKENS, SEALS_SIGNING_KEYS, derived
from services.auth.core.sessions import RefreshChain
from services.auth.settings.general import PREFIX, AuthSettings
from services.auth.store.accounts import AccountStore
from services.auth.store.attempts import AttemptStore
from services.auth.store.facts import Facts
from services.auth.store.keys import KeyStore
from services.auth.store.owner_token import OwnerTokenStore
from services.auth.store.sessions import SessionStore

NAME: Final = "auth"

RELAY_ROWS: Final = 100
"""Facts taken to the bus at once: published one by one, they take well under a second."""

RELAY_POLL_S: Final = 0.5
"""How long a fact may wait that another instance left: sessions end everywhere within 2 s."""

RELAY_RETRY_S: Final = (0.1, 5.0)
"""How soon after a failure the bus is tried again, at first and in the end."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose tokens are good here, and whom ours are for; equal in all services.

    `revoked` is what this process knows of ended sessions, and may be shared with other services
    in it. `leeway_s` is how far clocks may be apart.
    """

    issuer: str
    audiences: Audiences
    leeway_s: float
    services: ServiceVerifier
    revoked: RevokedSessions


def schema(role: str) -> Schema:
    """Return auth's schema; the service runs as `role`."""
    return Schema(NAME, role, read_migrations("services.auth"))


def build(
    settings: AuthSettings,
    process: Process,
    *,
    database: Database,
    trust: Trust,
    slow_hash: SlowHash,
    announce: Announce,
) -> Service:
    """Return the service. `announce` is shown the link that makes the first owner."""
    parts = _Auth(settings, process, database=database, trust=trust, slow_hash=slow_hash)
    return parts.service(announce)


class _Auth:
    """The parts, each made once, in the order in which they need each other."""

    def __init__(
        self,
        settings: AuthSettings,
        process: Process,
        *,
        database: Database,
        trust: Trust,
        slow_hash: SlowHash,
    ) -> None:
        self._settings = settings
        self._process = process
        self._database = database
        self._gate = SchemaGate(database, schema(role=""), process.clock)
        self._trust = trust
        self._clock = process.clock
        self._metrics = Metrics(process.registry, NAME)
        self._relay = self._new_relay()
        facts = Facts(database, wake=self._relay.wake)
        self._accounts = AccountStore(database, facts)
        self._sessions = SessionStore(database, facts)
        self._attempts = AttemptStore(database)
        self._keys = self._new_keys(facts)
        self._hashing = PasswordHashing(
            slow_hash,
            self._metrics,
            threads=settings.hash_threads,
            max_waiting=settings.hash_queue,
            timeout_s=settings.hash_timeout_s,
        )
        self._cookie = RefreshCookie(is_secure=settings.is_tls)
        self._chain = RefreshChain(
            key=self._derived(MAKES_REFRESH_TOKENS),
            idle_s=settings.session_idle_s,
            max_s=settings.session_max_s,
            grace_s=settings.refresh_grace_s,
        )
        self._around = self._new_surroundings(facts)

    def service(self, announce: Announce) -> Service:
        """Return what the runner has to know."""
        settings, database, clock = self._settings, self._database, self._clock
        outside = Place(settings.host, settings.port, f"{PREFIX}PORT")
        inside = Place(settings.internal_host, settings.internal_port, f"{PREFIX}INTERNAL_PORT")
        ended = EndedSessions(
            self._sessions,
            self._trust.revoked,
            bus=self._process.bus,
            clock=clock,
            inbox_name=f"{NAME}.{self._process.instance}",
        )
        owner = FirstOwner(
            OwnerTokenStore(database),
            announce,
            settings=settings,
            clock=clock,
            chance=self._process.chance,
        )
        sweeping = Sweeping(self._sessions, self._attempts, settings=settings, clock=clock)
        internal = InternalApi(self._accounts, self._sessions, clock=clock)
        return assemble(
            self._process,
            NAME,
            doors=Doors(SignedTokens(OwnTokens(self._verifier())), self._trust.services),
            public=(outside, self._endpoints()),
            internal=(inside, internal.endpoints()),
            checks={
                "database": database.check,
                "bus": self._process.check_bus,
                "ended_sessions": ended.check,
            },
            workers=[
                Worker("schema", self._gate.watch),
                Worker("outbox", self._relay.run),
                Worker("keys", self._keys.run),
                Worker("ended_sessions", ended.run),
                Worker("sweeping", sweeping.run),
            ],
            on_start=[self._gate.check, self._keys.load, ended.start, owner.invite],
            on_stop=[self._hashing.close, ended.stop],
        )

    def _new_keys(self, facts: Facts) -> KeyRing:
        store = KeyStore(self._database, facts, sealing_key=self._derived(SEALS_SIGNING_KEYS))
        return KeyRing(
            KeyRenewal(store, self._settings, clock=self._clock),
            self._settings,
            issuer=self._trust.issuer,
            audiences=self._trust.audiences,
            clock=self._clock,
            chance=self._process.chance,
        )

    def _new_relay(self) -> Relay:
        first_s, max_s = RELAY_RETRY_S
        facts = FactPublisher(self._process.bus, timeout_s=self._settings.publish_timeout_s)
        return Relay(
            self._database,
            facts.publish,
            max_rows=RELAY_ROWS,
            poll_s=RELAY_POLL_S,
            delay_s=Backoff(first_s=first_s, max_s=max_s, chance=self._process.chance).delay_s,
            on_set_aside=set_aside_gauge(self._metrics).set,
            clock=self._clock,
        )

    def _new_surroundings(self, facts: Facts) -> Surroundings:
        settings, clock, chance = self._settings, self._process.clock, self._process.chance
        return Surroundings(
            settings=settings,
            clock=clock,
            chance=chance,
            metrics=self._metrics,
            database=self._database,
            facts=facts,
            accounts=self._accounts,
            sessions=self._sessions,
            hashing=self._hashing,
            signing_in=SigningIn(
                self._chain, self._keys, cookie=self._cookie, clock=clock, chance=chance
            ),
            endings=Endings(self._sessions, self._trust.revoked, settings=settings, clock=clock),
        )

    def _endpoints(self) -> list[Endpoint]:
        around = self._around
        accounts = AccountsApi(
            self._accounts,
            self._hashing,
            signing_in=around.signing_in,
            settings=self._settings,
            clock=self._clock,
            chance=self._process.chance,
        )
        sessions = SessionsApi(
            self._sessions,
            self._accounts,
            login=self._login(),
            signing_in=around.signing_in,
            chain=self._chain,
            cookie=self._cookie,
            endings=around.endings,
            clock=self._clock,
            metrics=self._metrics,
        )
        return [*accounts.endpoints(), *sessions.endpoints(), *self._keys.endpoints()]

    def _login(self) -> PasswordLogin:
        return PasswordLogin(
            self._accounts,
            self._attempts,
            hashing=self._hashing,
            settings=self._settings,
            clock=self._clock,
            metrics=self._metrics,
        )

    def _verifier(self) -> Verifier:
        return Verifier(
            self._keys,
            issuer=self._trust.issuer,
            audiences=self._trust.audiences,
            leeway_s=self._trust.leeway_s,
            revoked=self._trust.revoked,
        )

    def _derived(self, purpose: str) -> bytes:
        return derived(self._settings.secret.get_secret_value(), purpose)
